import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// Replays and cancellations, by a worker.
@Suite struct SendingAgainTests {
    private func replay(
        _ stage: Stage, _ webhook: Webhook.ID, _ only: Replay.Choice
    ) async throws -> Replay.ID {
        let span = Instant.now + .seconds(-3600)...Instant.now
        let made = try await stage.pool.execute(
            CreateReplay(webhook: webhook, tenant: stage.tenant, span: span, only: only))
        return try #require(made.first)
    }

    private func find(_ stage: Stage, _ id: Replay.ID) async throws -> Replay {
        try #require(try await stage.pool.execute(FindReplay(id: id, tenant: stage.tenant)).first)
    }

    @Test func aReplayOfAllSendsEachEventOnceMore() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            let events = try await stage.accept(130, for: webhook).map(\.description)
            try await stage.withWorker {
                _ = try await receiver.waitForRequests(130)
                try await stage.wait { try await stage.pending() == 0 }
                let id = try await replay(stage, webhook, .all)
                try await stage.wait { try await find(stage, id).state == .finished }
                let requests = try await receiver.waitForRequests(260)
                #expect(requests.suffix(130).compactMap { $0.header("webhook-id") }.sorted() == events.sorted())
                let done = try await find(stage, id)
                #expect(done.matched == 130 && done.queued == 130 && done.finishedAt != nil)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.count == 260)
            }
        }
    }

    @Test func aReplayOfAllAsksTheFilter() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.filter = #"{"tenantId":["acme"],"data":{"n":[{"numeric":["<",3]}]}}"#
            }
            let events = try await stage.accept(40, for: webhook).prefix(3).map(\.description)
            try await stage.database.run("DELETE FROM deliveries")
            try await stage.withWorker {
                let id = try await replay(stage, webhook, .all)
                try await stage.wait { try await find(stage, id).state == .finished }
                let done = try await find(stage, id)
                #expect(done.matched == 3 && done.queued == 3)
                let requests = try await receiver.waitForRequests(3)
                #expect(requests.compactMap { $0.header("webhook-id") }.sorted() == events.sorted())
            }
        }
    }

    @Test func aReplayOfFailuresSendsThoseOnly() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500), .status(500), .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.retry = RetryPolicy(maxAttempts: 1)
                $0.maxConcurrency = 1
            }
            try await stage.withWorker {
                let events = try await stage.accept(5, for: webhook)
                _ = try await receiver.waitForRequests(5)
                try await stage.wait { try await stage.recorded(webhook).count == 5 }
                let id = try await replay(stage, webhook, .failed)
                let requests = try await receiver.waitForRequests(7)
                #expect(
                    requests.suffix(2).compactMap { $0.header("webhook-id") } == events.prefix(2).map(\.description))
                #expect(requests.suffix(2).map { $0.header("x-martlet-attempt") } == ["1", "1"])
                try await stage.wait { try await find(stage, id).state == .finished }
                let done = try await find(stage, id)
                #expect(done.matched == 2 && done.queued == 2)
                let again = try await replay(stage, webhook, .failed)
                try await stage.wait { try await find(stage, again).state == .finished }
                #expect(try await find(stage, again).matched == 0)
            }
        }
    }

    @Test func aReplayGoesOnWithTheNextOwner() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { _ in ReceiverAnswer.ok.with { $0.delay = .milliseconds(20) } }
            let webhook = try await stage.webhook(receiver.url()) { $0.maxConcurrency = 2 }
            let events = try await stage.accept(300, for: webhook).map(\.description)
            try await stage.database.run("DELETE FROM deliveries")
            let id = try await replay(stage, webhook, .all)
            try await stage.withWorker {
                try await stage.wait { try await find(stage, id).queued > 0 }
            }
            #expect(try await find(stage, id).state == .running)
            try await stage.withWorker {
                try await stage.wait(.seconds(60)) { try await find(stage, id).state == .finished }
                try await stage.wait(.seconds(60)) { try await stage.pending() == 0 }
            }
            #expect(try await find(stage, id).queued == 300)
            #expect(Set(receiver.requests.compactMap { $0.header("webhook-id") }) == Set(events))
            #expect(try await stage.recorded(webhook).count == 300)
        }
    }

    @Test func aReplayWaitsForItsWebhookAndEndsWithIt() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.isEnabled = false }
            try await stage.accept(3, for: webhook)
            let id = try await replay(stage, webhook, .all)
            try await stage.withWorker {
                try await stage.wait {
                    try await stage.pool.execute(FindPeers()).contains { $0.beat > 3 }
                }
                #expect(try await find(stage, id).queued == 0)
                #expect(try await find(stage, id).state == .running)
                _ = try await stage.pool.execute(DeleteWebhook(id: webhook, tenant: stage.tenant))
                try await stage.wait { try await find(stage, id).state == .failed }
                #expect(receiver.requests.isEmpty)
            }
        }
    }

    @Test func aCancelledDeliveryThatWasReadAlreadyIsNotSent() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { _ in ReceiverAnswer.ok.with { $0.delay = .seconds(2) } }
            let webhook = try await stage.webhook(receiver.url()) { $0.maxConcurrency = 1 }
            try await stage.withWorker {
                let events = try await stage.accept(3, for: webhook).map(\.description)
                _ = try await receiver.waitForRequests(1)  // the other two are in the window
                let second = try #require(try await stage.pool.execute(FindSecond()).first)
                let cancelled = try await stage.pool.execute(
                    CancelDelivery(id: second, shard: stage.shard, tenant: stage.tenant))
                #expect(cancelled == [second])
                _ = try await stage.pool.execute(NotifyWakes())
                let requests = try await receiver.waitForRequests(2)
                #expect(requests.compactMap { $0.header("webhook-id") } == [events[0], events[2]])
                try await stage.wait { try await stage.pending() == 0 }
                #expect(try await stage.recorded(webhook).count == 2)
                #expect(receiver.requests.count == 2)
            }
        }
    }

    private struct FindSecond: Statement {
        static let sql = "SELECT id FROM deliveries ORDER BY due_at, id OFFSET 1 LIMIT 1"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Delivery.ID { try row.column(0) }
    }

    @Test func whoNamesItIsToldOfADisabledWebhook() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { request in request.target == "/gone" ? .status(410) : .ok }
            let gone = try await stage.webhook(receiver.url("/gone")) {
                $0.events = ["order-created", "webhook-disabled"]
            }
            let ids = [
                gone, try await stage.webhook(receiver.url("/told")) { $0.events = ["webhook-disabled"] },
                try await stage.webhook(receiver.url("/all")) { $0.events = ["*"] },
            ]
            try await stage.withWorker {
                try await stage.accept(1, for: ids[0])
                let requests = try await receiver.waitForRequests(2)
                #expect(requests.map(\.target) == ["/gone", "/told"])
                let body = requests[1].bodyText
                #expect(body.contains(#""type":"webhook-disabled""#) && body.contains(#""resource":"webhook""#))
                #expect(body.contains(#""resourceId":"\#(ids[0])""#))
                #expect(body.contains(#""reason":"The receiver answered 410 Gone.""#))
                try await stage.wait { try await stage.recorded(ids[1]).count == 1 }
                #expect(try await stage.pool.execute(FindWebhooks(ids: [ids[0]])).first?.status == .disabled)
                #expect(try await stage.recorded(ids[2]).isEmpty)
                #expect(receiver.requests.count == 2)
            }
        }
    }
}
