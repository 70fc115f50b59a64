/// How much of a batch one request takes.
struct BatchWeight: Hashable, Sendable {
    var events: Int
    var deliveries: Int
    /// Stored bytes of its events.
    var bytes: Int

    static let zero = BatchWeight(events: 0, deliveries: 0, bytes: 0)

    static func + (one: Self, other: Self) -> Self {
        BatchWeight(
            events: one.events + other.events, deliveries: one.deliveries + other.deliveries,
            bytes: one.bytes + other.bytes)
    }

    static func - (one: Self, other: Self) -> Self {
        BatchWeight(
            events: one.events - other.events, deliveries: one.deliveries - other.deliveries,
            bytes: one.bytes - other.bytes)
    }

    /// Whether none of the three is above that of `limit`.
    func fits(in limit: Self) -> Bool {
        events <= limit.events && deliveries <= limit.deliveries && bytes <= limit.bytes
    }
}

/// Requests that wait for a commit, first come, first served, and how many of them the next batch takes.
struct BatchQueue<Request> {
    /// The end of a batch. A heavier request is a batch of its own.
    var batchLimit = BatchWeight(events: 500, deliveries: 5000, bytes: 4 << 20)
    /// What may wait at most, all in all; one request always may.
    var waitingLimit = BatchWeight(events: 20_000, deliveries: .max, bytes: 48 << 20)

    private var requests: [(request: Request, weight: BatchWeight)] = []
    private var head = 0  // requests before it are gone: taking a batch costs no more than its size
    private(set) var waiting = BatchWeight.zero

    init() {}

    var isEmpty: Bool { head == requests.count }
    var count: Int { requests.count - head }
    /// More would not go with the next batch.
    var isFullBatch: Bool {
        waiting.events >= batchLimit.events || !waiting.fits(in: batchLimit)
    }

    /// False: too much waits already, and nothing was added.
    mutating func add(_ request: Request, weighing weight: BatchWeight) -> Bool {
        let sum = waiting + weight
        guard isEmpty || sum.fits(in: waitingLimit) else { return false }
        requests.append((request, weight))
        waiting = sum
        return true
    }

    /// The next batch: as many requests in their order as fit, one at least; empty when nothing waits.
    mutating func next() -> [Request] {
        var batch: [Request] = []
        var weight = BatchWeight.zero
        while head < requests.count {
            let next = requests[head]
            guard batch.isEmpty || (weight + next.weight).fits(in: batchLimit) else { break }
            batch.append(next.request)
            weight = weight + next.weight
            head += 1
        }
        waiting = waiting - weight
        if isEmpty {
            requests.removeAll(keepingCapacity: requests.capacity <= 4096)
            head = 0
        } else if head > 4096 {
            requests.removeSubrange(..<head)
            head = 0
        }
        return batch
    }
}
