import Store
import Testing
import Webhooks

@testable import DeliveryService

@Suite("Replays: what is decided")
struct ReplayValueTests {
    let start = ContinuousClock.now

    @Test("A lane that sends at once is given more and more, up to the widest")
    func quick() {
        var pace = ReplayPace()
        let rooms = (0..<6).map { pace.room(.init(due: 0, pending: 0), at: start + .milliseconds(250 * $0)) }
        #expect(rooms == [50, 100, 200, 400, 500, 500])
    }

    @Test("A lane that takes more than a second is given less and less, at least one")
    func slow() {
        var pace = ReplayPace()
        #expect(pace.room(.init(due: 0, pending: 0), at: start) == 50)
        #expect(pace.room(.init(due: 49, pending: 49), at: start + .milliseconds(500)) == 0)
        #expect(pace.width == 50)
        for second in 1...40 { _ = pace.room(.init(due: 40, pending: 40), at: start + .milliseconds(1100 * second)) }
        #expect(pace.width == 1)
        #expect(pace.room(.init(due: 1, pending: 1), at: start + .seconds(50)) == 0)
        #expect(pace.room(.init(due: 0, pending: 0), at: start + .seconds(100)) == 1)
    }

    @Test("There are never more due than the width, and none is added to too many")
    func bounds() {
        var pace = ReplayPace()
        #expect(pace.room(.init(due: 25, pending: 25), at: start) == 25)
        #expect(pace.room(.init(due: 26, pending: 26), at: start) == 0)
        #expect(pace.room(.init(due: 0, pending: ReplayPace.pendingLimit), at: start) == 0)
    }

    // MARK: Batches

    private func running(
        _ only: Replay.Choice, events: [String]? = ["order-*"], ordering: WebhookConfiguration.Ordering = .none,
        id: Webhook.ID = Webhook.ID()
    ) -> RunningReplay {
        RunningReplay(
            Replay(
                id: Replay.ID(), shard: Shard.all[5], tenantID: Tenant.ID(), webhookID: id, since: .distantPast,
                until: .now, only: only, createdAt: .now),
            of: "acme", position: ULID(1),
            subscription: events.map { Subscription(webhookID: id, events: $0, ordering: ordering) })
    }

    private func candidate(_ type: String?, resource: String? = "r1", isWanted: Bool = true) -> ReplayCandidate {
        let id = Event.ID()
        return ReplayCandidate(
            position: id.ulid, eventID: isWanted ? id : nil, type: type, resourceID: resource)
    }

    @Test("Of all events those are queued that the webhook subscribes to now")
    func all() {
        let running = running(.all)
        let candidates = ["order-created", "product-created", "order-updated"].map { candidate($0) }
        let batch = ReplayBatch(running, candidates: candidates, limit: 3)
        #expect(batch.deliveries.map(\.eventID) == [candidates[0], candidates[2]].compactMap(\.eventID))
        #expect(batch.matched == 2 && batch.state == .running)
        #expect(batch.from == ULID(1) && batch.to == candidates[2].position)
        #expect(batch.deliveries.map(\.id) == batch.deliveries.map(\.id).sorted())
        #expect(batch.deliveries.allSatisfy { $0.orderKey == nil && $0.shard == running.replay.shard })
    }

    @Test("Fewer than were asked for are the last ones; none leaves it where it was")
    func ends() {
        #expect(ReplayBatch(running(.all), candidates: [candidate("order-created")], limit: 2).state == .finished)
        let empty = ReplayBatch(running(.failed), candidates: [], limit: 2)
        #expect(empty.state == .finished && empty.to == ULID(1) && empty.matched == 0)
    }

    @Test("Failures are queued whatever is subscribed to, unless their event is gone")
    func failures() {
        let candidates = [
            candidate("product-created"), candidate("order-created", isWanted: false), candidate(nil, resource: nil),
        ]
        let batch = ReplayBatch(running(.failed), candidates: candidates, limit: 3)
        #expect(batch.deliveries.map(\.eventID) == [candidates[0].eventID])
        #expect(batch.matched == 2 && batch.to == candidates[2].position)
    }

    @Test("A replay of a deleted webhook has failed")
    func deleted() {
        let batch = ReplayBatch(running(.all, events: nil), candidates: [], limit: 0)
        #expect(batch.state == .failed && batch.deliveries.isEmpty && batch.to == ULID(1))
    }

    @Test("Order keys are those that the ingester gives")
    func ordering() {
        let candidates = [
            candidate("order-created"), candidate("order-paid"), candidate("order-created", resource: "x"),
        ]
        let keys = ReplayBatch(running(.all, ordering: .resource), candidates: candidates, limit: 3).deliveries
            .map(\.orderKey)
        #expect(keys[0] == Fingerprint(resource: "order", id: "r1").orderKey)
        #expect(keys[0] == keys[1] && keys[1] != keys[2])
        let whole = ReplayBatch(running(.all, ordering: .webhook), candidates: candidates, limit: 3)
        #expect(whole.deliveries.map(\.orderKey) == [0, 0, 0])
    }

    @Test("Martlet's own events do not go to the webhook that they are about")
    func operational() {
        let id = Webhook.ID()
        let running = running(.all, events: ["webhook-disabled"], id: id)
        let candidates = [
            candidate("webhook-disabled", resource: id.description),
            candidate("webhook-disabled", resource: Webhook.ID().description),
        ]
        let batch = ReplayBatch(running, candidates: candidates, limit: 3)
        #expect(batch.deliveries.map(\.eventID) == [candidates[1].eventID])
    }
}
