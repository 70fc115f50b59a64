import Store
import Webhooks

/// What is written in one transaction: outcomes of deliveries, counters, and what lanes must remember.
struct Flush: Sendable {
    var settled: [SettledDelivery] = []
    var stats: [DeliveryStatsRow] = []
    var lanes: [LaneState] = []

    var isEmpty: Bool { settled.isEmpty && stats.isEmpty && lanes.isEmpty }

    /// Those whose leases it needs.
    var shards: Set<Shard> {
        Set(settled.map(\.delivery.shard)).union(stats.map(\.shard)).union(lanes.map(\.shard))
    }

    /// Drops what belongs to shards of another owner.
    mutating func drop(_ shards: Set<Shard>) {
        settled.removeAll { shards.contains($0.delivery.shard) }
        stats.removeAll { shards.contains($0.shard) }
        lanes.removeAll { shards.contains($0.shard) }
    }

    /// Two flushes with half of the outcomes each; the second has all the rest.
    var halves: (Flush, Flush) {
        let middle = settled.count / 2
        return (
            Flush(settled: Array(settled[..<middle])),
            Flush(settled: Array(settled[middle...]), stats: stats, lanes: lanes)
        )
    }
}
