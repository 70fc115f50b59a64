import Webhooks

/// The lanes in memory, by webhook and by shard, and how many rows their windows hold together.
struct LaneTable {
    private var lanes: [Webhook.ID: Lane] = [:]
    private var lanesOfShard: [Shard: [Webhook.ID: Lane]] = [:]
    /// Lanes with rows past ``LaneRoom/narrowest``: those that can give some back.
    private var wide: Set<Webhook.ID> = []
    /// Rows in all windows together.
    private(set) var windowTotal = 0

    subscript(webhook: Webhook.ID) -> Lane? { lanes[webhook] }

    func of(_ shard: Shard) -> some Collection<Lane> { lanesOfShard[shard, default: [:]].values }

    /// Changes a lane and keeps count of what its window holds; makes it when it is new.
    mutating func with<Result>(
        _ webhook: Webhook.ID, in shard: Shard, _ change: (Lane) -> Result
    ) -> Result {
        let lane = lanes[webhook] ?? make(webhook, in: shard)
        let before = lane.window.count
        let result = change(lane)
        recount(lane, before)
        return result
    }

    private mutating func make(_ webhook: Webhook.ID, in shard: Shard) -> Lane {
        let lane = Lane(shard: shard, webhookID: webhook)
        lanes[webhook] = lane
        lanesOfShard[shard, default: [:]][webhook] = lane
        return lane
    }

    private mutating func recount(_ lane: Lane, _ before: Int) {
        let count = lane.window.count
        guard count != before else { return }
        windowTotal += count - before
        if count > LaneRoom.narrowest, before <= LaneRoom.narrowest { wide.insert(lane.webhookID) }
        if count <= LaneRoom.narrowest, before > LaneRoom.narrowest { wide.remove(lane.webhookID) }
    }

    /// Lanes with wide windows give rows back, so that others have room.
    mutating func shrinkWidest() {
        for lane in wide.compactMap({ lanes[$0] }) {
            with(lane.webhookID, in: lane.shard) { $0.shrink(to: LaneRoom.narrowest) }
        }
    }

    mutating func remove(_ webhook: Webhook.ID) {
        guard let lane = lanes.removeValue(forKey: webhook) else { return }
        windowTotal -= lane.window.count
        wide.remove(webhook)
        lanesOfShard[lane.shard]?[webhook] = nil
    }
}
