import Store
import Webhooks

/// What one look at a replay leads to: the deliveries to make, and how far it is with them. A value: no database.
struct ReplayBatch: Sendable {
    let replay: Replay
    /// Where it was.
    let from: ULID?
    /// Where it is when the batch is committed.
    let to: ULID?
    let matched: Int
    let deliveries: [DeliveryRow]
    let state: Replay.State

    /// - Parameters:
    ///   - candidates: the next ones, at most `limit`: fewer are the last ones.
    ///   - refused: those that the webhook's filter lets not through.
    init(
        _ running: RunningReplay, candidates: [ReplayCandidate], refused: Set<Event.ID> = [], limit: Int,
        catalogue: EventCatalogue = .standard
    ) {
        let replay = running.replay
        self.replay = replay
        from = running.position
        guard let subscription = running.subscription else {
            to = running.position
            matched = 0
            deliveries = []
            state = .failed
            return
        }
        to = candidates.last?.position ?? running.position
        state = candidates.count < limit ? .finished : .running
        let matches = candidates.filter { candidate in
            guard let id = candidate.eventID, !refused.contains(id) else { return false }
            return replay.only == .failed || Self.isOwed(candidate, to: subscription, catalogue)
        }
        matched = matches.count
        deliveries = matches.compactMap { candidate in
            guard let event = candidate.eventID, let type = candidate.type else { return nil }
            let resource = catalogue.resource(ofType: type, id: candidate.resourceID)
            return DeliveryRow(
                shard: replay.shard, webhookID: replay.webhookID, id: Delivery.ID(), tenantID: replay.tenantID,
                eventID: event, orderKey: subscription.orderKey(of: event, resource: resource), key: nil)
        }
    }

    /// Martlet's own events never go to the webhook that they are about.
    private static func isOwed(
        _ candidate: ReplayCandidate, to subscription: Subscription, _ catalogue: EventCatalogue
    ) -> Bool {
        guard let name = candidate.type, subscription.matches(name) else { return false }
        return catalogue.type(named: name)?.isOperational != true
            || candidate.resourceID != subscription.webhookID.description
    }
}
