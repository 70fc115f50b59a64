import Store
import Webhooks

/// Counters by webhook and minute, summed in memory and added to the table once a second inside a flush.
///
/// Only invocations that are recorded count; after a crash the open minutes are counted again from the history.
struct StatsAccumulator {
    static let interval = Duration.seconds(1)

    private struct Key: Hashable {
        let webhook: Webhook.ID
        let minute: Instant
    }

    private var sums: [Key: DeliveryStatsRow] = [:]
    private var lastFlush: ContinuousClock.Instant?

    var isEmpty: Bool { sums.isEmpty }

    /// What the next flush should add, the batch's own outcomes included: nothing until a second has passed.
    func due(with batch: [SettledDelivery], at now: ContinuousClock.Instant) -> [DeliveryStatsRow] {
        if let lastFlush, now - lastFlush < Self.interval { return [] }
        var sum = self
        sum.add(batch)
        return sum.rows
    }

    /// A flush is committed: with `minutes` all is in the table, without them the batch waits here.
    mutating func recorded(
        _ batch: [SettledDelivery], minutes: [DeliveryStatsRow], lost: Set<Shard>, at now: ContinuousClock.Instant
    ) {
        if minutes.isEmpty {
            add(batch.filter { !lost.contains($0.delivery.shard) })
        } else {
            sums.removeAll()
            lastFlush = now
        }
    }

    /// What is not in the table yet of these shards: they go to another worker.
    mutating func take(of shards: Set<Shard>) -> [DeliveryStatsRow] {
        let taken = rows.filter { shards.contains($0.shard) }
        for shard in shards { drop(shard) }
        return taken
    }

    mutating func drop(_ shard: Shard) { sums = sums.filter { $0.value.shard != shard } }

    private var rows: [DeliveryStatsRow] {
        sums.values.sorted { ($0.shard, $0.webhookID, $0.minute) < ($1.shard, $1.webhookID, $1.minute) }
    }

    private mutating func add(_ batch: [SettledDelivery]) {
        for settled in batch {
            let invocation = settled.invocation
            let minute = invocation.startedAt.startOfMinute
            sums[
                Key(webhook: invocation.webhookID, minute: minute),
                default: DeliveryStatsRow(
                    shard: invocation.shard, webhookID: invocation.webhookID, tenantID: invocation.tenantID,
                    minute: minute)
            ].count(invocation)
        }
    }
}
