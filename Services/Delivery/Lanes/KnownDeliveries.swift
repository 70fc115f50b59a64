import Webhooks

/// Ids that a statement may show although they are in the lane, in flight, or settled by a flush that began later than
/// the statement: they are passed over.
struct KnownDeliveries {
    private var ids: Set<Delivery.ID> = []
    /// To be forgotten when no statement is under way that may still show them.
    private var settled: [Delivery.ID] = []
    private var statements = 0

    /// Nothing is known, and nobody is about to show something.
    var isIdle: Bool { ids.isEmpty && statements == 0 }

    func contains(_ id: Delivery.ID) -> Bool { ids.contains(id) }

    /// False when it was known already.
    @discardableResult
    mutating func insert(_ id: Delivery.ID) -> Bool { ids.insert(id).inserted }

    /// It may be shown and taken again.
    mutating func remove(_ id: Delivery.ID) { ids.remove(id) }

    /// Its flush is committed: only a statement that is already under way may still show it.
    mutating func settle(_ id: Delivery.ID) {
        if statements > 0 { settled.append(id) } else { ids.remove(id) }
    }

    mutating func beginStatement() { statements += 1 }

    mutating func endStatement() {
        statements -= 1
        guard statements == 0 else { return }
        for id in settled { ids.remove(id) }
        settled.removeAll()
    }
}
