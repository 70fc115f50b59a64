import DequeModule

/// A line in which each party has its turn: of every party's items the first, then of every party's the next. An item
/// stands in it once.
struct RoundRobin<Party: Hashable, Item: Hashable> {
    private var items: [Party: Deque<Item>] = [:]
    /// Parties with items, whose turn comes first at the front.
    private var turns: Deque<Party> = []
    private var known: Set<Item> = []

    var isEmpty: Bool { turns.isEmpty }
    var count: Int { known.count }
    /// Those that have items.
    var partyCount: Int { turns.count }

    /// False when it stands there already.
    @discardableResult
    mutating func add(_ item: Item, of party: Party) -> Bool {
        guard known.insert(item).inserted else { return false }
        if items[party] == nil { turns.append(party) }
        items[party, default: []].append(item)
        return true
    }

    mutating func next() -> Item? {
        guard let party = turns.popFirst(), let item = items[party]?.popFirst() else { return nil }
        if items[party]?.isEmpty ?? true { items[party] = nil } else { turns.append(party) }
        known.remove(item)
        return item
    }
}
