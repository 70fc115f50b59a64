import DequeModule
import Webhooks

/// Order inside a lane: of each key one delivery at a time, in the order of the table. A failed head keeps its
/// followers back until it is settled; they stay in the table meanwhile, so that they take no room from other keys.
struct OrderKeys {
    /// The key of all deliveries of a webhook with `ordering: webhook`.
    static let whole: Int64 = 0
    /// Rows of one key in a window; the rest waits in the table.
    static let rowsAKey = 16

    /// Failed ones that wait for their next attempt, the earliest first.
    private(set) var heads: Deque<Delivery> = []
    /// Keys with rows in the table that were passed over; reads leave them out until it is their turn.
    private(set) var skipped: Set<Int64> = []
    /// With a request under way.
    private var busy: Set<Int64> = []
    /// Rows in the window.
    private var counts: [Int64: Int] = [:]

    /// Keys that are passed over, at most: each is named in every read, and may keep its head in memory.
    static let most = 1000

    /// Nothing is to be read: the one key that there is waits, or too many do.
    var blocksAll: Bool { skipped.contains(Self.whole) || skipped.count >= Self.most }
    var isEmpty: Bool { heads.isEmpty && skipped.isEmpty && busy.isEmpty && counts.isEmpty }

    func isBusy(_ key: Int64) -> Bool { busy.contains(key) }

    /// Whether a row that was just read may enter the window; else its key is passed over from here on.
    mutating func admit(_ key: Int64) -> Bool {
        let isFull = key != Self.whole && counts[key, default: 0] >= Self.rowsAKey
        if isFull { skipped.insert(key) }
        guard !skipped.contains(key) else { return false }
        counts[key, default: 0] += 1
        return true
    }

    /// A row was put into the window, or taken out of it.
    mutating func count(_ key: Int64, _ change: Int) {
        let count = counts[key, default: 0] + change
        counts[key] = count > 0 ? count : nil
    }

    /// A row was given back to the table: it is read again, and what follows it.
    mutating func forget(_ key: Int64) {
        count(key, -1)
        skipped.remove(key)
    }

    mutating func start(_ key: Int64) { busy.insert(key) }
    mutating func stop(_ key: Int64) { busy.remove(key) }

    /// A head waits for its next attempt. Its followers are not in the window any more.
    mutating func wait(_ head: Delivery, _ key: Int64) {
        counts[key] = nil
        skipped.insert(key)
        let time = head.notBefore ?? .distantPast
        heads.insert(head, at: heads.firstIndex { ($0.notBefore ?? .distantPast) > time } ?? heads.endIndex)
    }

    func hasDueHead(at now: Instant) -> Bool { heads.first.map { $0.notBefore ?? .distantPast <= now } ?? false }

    mutating func takeDueHead(at now: Instant) -> Delivery? { hasDueHead(at: now) ? heads.removeFirst() : nil }

    /// A delivery of the key is settled. True when rows that were passed over are to be read now.
    mutating func settled(_ key: Int64) -> Bool { counts[key] == nil && skipped.remove(key) != nil }

    /// Forgets what is not under way. Returns the heads; those of `kept` stay.
    mutating func clear(keeping kept: Set<Delivery.ID>) -> [Delivery] {
        let gone = Array(heads.filter { !kept.contains($0.id) })
        heads.removeAll { !kept.contains($0.id) }
        skipped = Set(heads.compactMap(\.orderKey))
        counts.removeAll()
        return gone
    }
}
