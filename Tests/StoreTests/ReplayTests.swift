import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@Suite("Replays")
struct ReplayTests {
    static let span = Instant.now + .seconds(-3600)...Instant.now + .seconds(3600)

    private func make(
        _ world: World, _ webhook: Webhook.ID, _ only: Replay.Choice = .all,
        span: ClosedRange<Instant> = ReplayTests.span
    ) async throws -> Replay.ID {
        let create = CreateReplay(webhook: webhook, tenant: world.tenant.id, span: span, only: only)
        return try #require(try await world.asTenant(create).first)
    }

    private func find(_ world: World, _ id: Replay.ID) async throws -> Replay {
        try #require(try await world.asTenant(FindReplay(id: id, tenant: world.tenant.id)).first)
    }

    private func running(_ world: World) async throws -> [RunningReplay] {
        try await world.delivery.execute(FindRunningReplays(shards: Shard.all))
    }

    @Test("One is made, found by its tenant and by the shard's owner, and by nobody else")
    func make() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook(events: ["order-*"]) { $0.ordering = .resource }
            let id = try await make(world, webhook.id, .failed)
            let replay = try await find(world, id)
            #expect(replay.webhookID == webhook.id && replay.shard == world.shard && replay.only == .failed)
            #expect(replay.since == Self.span.lowerBound && replay.until == Self.span.upperBound)
            #expect(replay.state == .running && replay.matched == 0 && replay.queued == 0 && replay.finishedAt == nil)
            #expect(try await world.asStranger(FindReplay(id: id, tenant: world.tenant.id)).isEmpty)
            let found = try #require(try await running(world).first)
            #expect(found.replay == replay && found.position == nil)
            #expect(found.subscription?.matches("order-created") == true && found.subscription?.ordering == .resource)
            let others = Shard.all.filter { $0 != world.shard }
            #expect(try await world.delivery.execute(FindRunningReplays(shards: others)).isEmpty)
            let foreign = CreateReplay(webhook: webhook.id, tenant: world.tenant.id, span: Self.span, only: .all)
            #expect(try await world.asStranger(foreign).isEmpty)
        }
    }

    @Test("One of an inactive webhook waits, one of a deleted webhook is found so that it ends")
    func states() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook { $0.isEnabled = false }
            let id = try await make(world, webhook.id)
            #expect(try await running(world).isEmpty)
            _ = try await world.asTenant(DeleteWebhook(id: webhook.id, tenant: world.tenant.id))
            let found = try await running(world)
            #expect(found.count == 1 && found.first?.subscription == nil)
            _ = try await world.delivery.execute(
                AdvanceReplay(id, shard: world.shard, from: nil, to: nil, matched: 0, queued: 0, state: .failed))
            let replay = try await find(world, id)
            #expect(replay.state == .failed && replay.finishedAt != nil)
            #expect(try await running(world).isEmpty)
        }
    }

    @Test("It moves on from where it was only, and no further once it has ended")
    func advance() async throws {
        try await withWorld { world in
            let id = try await make(world, try await world.makeWebhook().id)
            let (one, two) = (Event.ID().ulid, Event.ID().ulid)
            func advance(_ from: ULID?, _ to: ULID?, _ state: Replay.State) async throws -> SQLState? {
                try await StoreTests.state {
                    _ = try await world.delivery.execute(
                        AdvanceReplay(id, shard: world.shard, from: from, to: to, matched: 3, queued: 2, state: state))
                }
            }
            #expect(try await advance(nil, one, .running) == nil)
            #expect(try await advance(nil, one, .running) == .replayMoved)
            #expect(try await running(world).first?.position == one)
            #expect(try await advance(one, two, .finished) == nil)
            #expect(try await advance(two, two, .running) == .replayMoved)
            let replay = try await find(world, id)
            #expect(replay.matched == 6 && replay.queued == 4 && replay.state == .finished)
        }
    }

    @Test("All events of the span are found, in their order, from the position on")
    func all() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let old = Event.ID(ULID(milliseconds: Self.span.lowerBound.milliseconds - 1, random: 1))
            let first = Event.ID(ULID(milliseconds: Self.span.lowerBound.milliseconds, random: 0))
            let last = Event.ID(
                ULID(Event.ID(ULID(milliseconds: Self.span.upperBound.milliseconds + 1, random: 0)).ulid.value - 1))
            let late = Event.ID(ULID(milliseconds: Self.span.upperBound.milliseconds + 1, random: 0))
            let ids = [old, first, last, late]
            _ = try await world.ingester.execute(InsertEvents(ids.map { world.row($0, type: "x", resource: nil) }))
            let replay = try await find(world, try await make(world, webhook.id))
            let found = try await world.delivery.execute(FindEventsToReplay(replay, after: nil, limit: 9))
            #expect(found.map(\.eventID) == [first, last] && found.map(\.position) == [first.ulid, last.ulid])
            #expect(found.first?.type == "x" && found.first?.resourceID == nil)
            let one = try await world.delivery.execute(FindEventsToReplay(replay, after: nil, limit: 1))
            #expect(one.map(\.eventID) == [first])
            let rest = try await world.delivery.execute(FindEventsToReplay(replay, after: first.ulid, limit: 9))
            #expect(rest.map(\.eventID) == [last])
        }
    }

    /// What became of an event before the replay, and whether it is one of the failures then.
    enum Story: String, CaseIterable {
        case failed, succeeded, failedThenSucceeded, failedTwice, stillRetried, retryPending, retryWaits, discarded
        case failedByHandWhileRetried

        var isWanted: Bool { self == .failed || self == .failedTwice }
    }

    @Test("Failures are the events whose last word is a final failure")
    func failures() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let other = try await world.makeWebhook()
            var wanted: [Event.ID] = []
            for story in Story.allCases {
                let row = try await world.owe(1, to: webhook.id)[0]
                if story.isWanted { wanted.append(row.eventID) }
                try await tell(story, of: row, world)
                // Of another webhook nothing counts.
                let foreign = world.delivery(of: world.row(row.eventID), to: other.id)
                try await record(world, foreign, .succeeded, isFinal: true)
            }
            let gone = world.delivery(of: world.row(Event.ID()), to: webhook.id)
            try await record(world, gone, .failed, isFinal: true)
            let replay = try await find(world, try await make(world, webhook.id, .failed))
            let found = try await world.delivery.execute(FindFailuresToReplay(replay, after: nil, limit: 100))
            #expect(found.compactMap(\.eventID) == wanted + [gone.eventID])
            #expect(found.filter { $0.eventID != nil }.map(\.type) == ["order-created", "order-created", nil])
            #expect(found.map(\.position) == found.map(\.position).sorted())
            let later = try await world.delivery.execute(
                FindFailuresToReplay(replay, after: found.last?.position, limit: 100))
            #expect(later.isEmpty)
            let few = try await world.delivery.execute(FindFailuresToReplay(replay, after: nil, limit: 2))
            #expect(few.map(\.position) == found.prefix(2).map(\.position))
            // Outside the span nothing counts.
            let past = Instant.now + .seconds(-7200)...Instant.now + .seconds(-3600)
            let empty = try await find(world, try await make(world, webhook.id, .failed, span: past))
            let none = try await world.delivery.execute(FindFailuresToReplay(empty, after: nil, limit: 100))
            #expect(none.allSatisfy { $0.eventID == nil })
        }
    }

    private func tell(_ story: Story, of row: DeliveryRow, _ world: World) async throws {
        let again = DeliveryRow(
            shard: row.shard, webhookID: row.webhookID, id: Delivery.ID(), tenantID: row.tenantID, eventID: row.eventID,
            orderKey: nil, key: nil)
        switch story {
        case .failed: try await record(world, row, .failed, isFinal: true)
        case .succeeded: try await record(world, row, .succeeded, isFinal: true)
        case .failedThenSucceeded:
            try await record(world, row, .failed, isFinal: true)
            try await record(world, again, .succeeded, isFinal: true)
        case .failedTwice:
            try await record(world, row, .failed, isFinal: true)
            try await record(world, again, .failed, isFinal: false)
            try await record(world, again, .failed, isFinal: true)
        case .stillRetried: try await record(world, row, .failed, isFinal: false)
        case .retryPending:
            try await record(world, row, .failed, isFinal: true)
            _ = try await world.delivery.execute(OweDeliveries([again], trigger: .retry))
        case .retryWaits:
            try await record(world, row, .failed, isFinal: true)
            try await record(world, again, .failed, isFinal: false)
        case .discarded: try await record(world, row, .discarded, isFinal: true)
        case .failedByHandWhileRetried:
            try await record(world, row, .failed, isFinal: false)
            try await record(world, again, .failed, isFinal: true)
        }
    }

    private func record(_ world: World, _ row: DeliveryRow, _ outcome: Outcome, isFinal: Bool) async throws {
        _ = try await world.delivery.execute(
            InsertInvocations([
                Invocation(
                    id: Invocation.ID(), shard: row.shard, tenantID: row.tenantID, webhookID: row.webhookID,
                    eventID: row.eventID, deliveryID: row.id, eventType: "order-created", attempt: 1, trigger: .event,
                    startedAt: .now, duration: .zero, outcome: outcome, isFinal: isFinal)
            ]))
    }

    @Test("What is pending of replays is counted, by what may go now")
    func count() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let live = try await world.owe(2, to: webhook.id)
            let rows = (0..<3).map { _ in world.delivery(of: world.row(live[0].eventID), to: webhook.id) }
            _ = try await world.delivery.execute(OweDeliveries(rows, trigger: .replay))
            let retried = try #require(try await world.pending(of: webhook.id).last)
            #expect(retried.trigger == .replay)
            _ = try await world.delivery.execute(
                RescheduleDeliveries([.init(retried, againAt: .now + .seconds(600), attempts: 1)]))
            func count(limit: Int) async throws -> CountReplayDeliveries.Row? {
                try await world.delivery.execute(
                    CountReplayDeliveries(shard: world.shard, webhook: webhook.id, limit: limit)
                ).first
            }
            #expect(try await count(limit: 100) == .init(due: 2, pending: 3))
            #expect(try await count(limit: 1)?.pending == 1)
        }
    }
}
