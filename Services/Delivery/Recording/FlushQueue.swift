import DequeModule
import Webhooks

/// Outcomes that wait to be recorded, and when they must go: at ``batchSize`` of them, or ``patience`` after the first.
struct FlushQueue {
    static let batchSize = 500
    static let patience = Duration.milliseconds(10)
    /// While so many wait, nothing new is sent: outcomes cannot be recorded.
    static let limit = 2000

    private var waiting: Deque<SettledDelivery> = []
    /// Taken for a flush that is not acknowledged.
    private(set) var underWay = 0
    /// Whose leases that flush needs.
    private var shardsUnderWay: Set<Shard> = []

    var count: Int { waiting.count + underWay }
    var hasWaiting: Bool { !waiting.isEmpty }
    var hasRoom: Bool { count < Self.limit }
    /// The first of a batch starts the clock; a full batch goes at once.
    enum Urgency { case startClock, goNow, none }

    mutating func append(_ settled: SettledDelivery) -> Urgency {
        waiting.append(settled)
        return waiting.count == 1 ? .startClock : waiting.count == Self.batchSize ? .goNow : .none
    }

    /// The next batch, in the order of the tables' keys: no two flushes lock rows in opposite orders.
    mutating func nextBatch() -> [SettledDelivery] {
        let batch = waiting.prefix(Self.batchSize)
        waiting.removeFirst(batch.count)
        underWay += batch.count
        return batch.sorted {
            ($0.delivery.shard, $0.delivery.webhookID, $0.delivery.place)
                < ($1.delivery.shard, $1.delivery.webhookID, $1.delivery.place)
        }
    }

    /// A flush begins: with the batch that was taken last, and more.
    mutating func began(_ flush: Flush) { shardsUnderWay = flush.shards }

    mutating func acknowledged(_ batch: [SettledDelivery]) {
        underWay -= batch.count
        shardsUnderWay.removeAll()
    }

    /// Forgets what belongs to shards that have another owner: it will repeat them.
    mutating func drop(_ shards: Set<Shard>) { waiting.removeAll { shards.contains($0.delivery.shard) } }

    /// Whether something of it waits, or is being written.
    func contains(_ shard: Shard) -> Bool {
        shardsUnderWay.contains(shard) || waiting.contains { $0.delivery.shard == shard }
    }
}
