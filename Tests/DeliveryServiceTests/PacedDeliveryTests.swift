import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// What receivers get when a lane is held back, ordered, or failing for long.
@Suite struct PacedDeliveryTests {
    @Test func aRateLimitIsKept() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.rateLimit = .init(requests: 20, perSeconds: 1) }
            try await stage.withWorker {
                try await stage.accept(30, for: webhook)
                let arrivals = try await receiver.waitForRequests(30, within: .seconds(30)).map(\.arrivedAt)
                #expect(arrivals[29] - arrivals[0] >= .milliseconds(1400), "29 distances of 50 ms")
            }
        }
    }

    @Test func aLaneThatSleepsBetweenRequestsGoesOn() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.rateLimit = .init(requests: 1, perSeconds: 2) }
            try await stage.withWorker {
                try await stage.accept(4, for: webhook)
                let arrivals = try await receiver.waitForRequests(4, within: .seconds(60)).map(\.arrivedAt)
                #expect(arrivals[3] - arrivals[0] >= .milliseconds(5900), "3 distances of 2 s")
            }
        }
    }

    @Test func aReceiverThatOnlyFailsGetsProbesAndItsDeliveriesKeepTheirAttempts() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500))
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(40, for: webhook)
                try await stage.wait { try await stage.laneState(webhook)?.breaker ?? 0 >= 1 }
                let count = receiver.requests.count
                #expect(count < 40, "an open breaker lets nothing through")
                receiver.answer { _ in .ok }
                _ = try await receiver.waitForRequests(40 + 10, within: .seconds(60))
                try await stage.wait(.seconds(60)) { try await stage.pending() == 0 }
                #expect(try await stage.recorded(webhook).count { $0.outcome == .succeeded } == 40)
                try await stage.wait { try await stage.laneState(webhook) == nil }
            }
        }
    }

    @Test func theNextOwnerKnowsThatTheBreakerIsOpen() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            _ = try await stage.pool.execute(
                SaveLaneStates([
                    LaneState(
                        shard: stage.shard, webhookID: webhook, pausedUntil: .now + .seconds(3600), breaker: 4,
                        consecutiveFailures: 20, failingSince: .now)
                ]))
            let free = try await stage.webhook(receiver.url("/free"))
            try await stage.accept(3, for: webhook, free)
            try await stage.withWorker {
                try await stage.wait { try await stage.pending() == 3 }
                #expect(receiver.requests.allSatisfy { $0.target == "/free" })
                // Its tenant says that the receiver is mended.
                let found = try await stage.pool.execute(FindWebhooks(ids: [webhook]))
                let version = try #require(found.first?.version)
                let configuration = WebhookConfiguration(
                    name: "mended", url: receiver.url("/mended"), events: ["order-created"])
                _ = try await stage.pool.execute(
                    UpdateWebhook(id: webhook, tenant: stage.tenant, version: version, configuration: configuration))
                try await stage.wait { try await stage.pending() == 0 }
                try await stage.wait { try await stage.laneState(webhook) == nil }
            }
        }
    }

    @Test func lastingFailureOverManyEventsSwitchesAWebhookOff() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500))
            let webhook = try await stage.webhook(receiver.url()) { $0.retry = RetryPolicy(maxAttempts: 1) }
            _ = try await stage.pool.execute(
                SaveLaneStates([
                    LaneState(
                        shard: stage.shard, webhookID: webhook, consecutiveFailures: 1,
                        failingSince: .now - .seconds(6 * 86_400))
                ]))
            _ = try await stage.pool.execute(AgeWebhook(id: webhook))
            try await stage.withWorker {
                try await stage.accept(9, for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 9 }
                #expect(try await stage.webhookRow(webhook)?.disabledReason == nil, "nine events are too few")
                try await stage.accept(3, for: webhook)
                try await stage.wait { try await stage.webhookRow(webhook)?.disabledReason != nil }
            }
        }
    }

    @Test func aFailingHeadKeepsOnlyItsOwnFollowersBack() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.ordering = .resource }
            let blocked = try await stage.accept(40, for: webhook, orderKey: 7)
            let head = blocked[0].description
            receiver.answer { $0.header("webhook-id") == head && $0.number < 200 ? .status(500) : .ok }
            try await stage.withWorker {
                let free = try await stage.accept(30, for: webhook, orderKey: 8)
                try await receiver.wait(for: "the free ones") { receiver in
                    let ids = Set(receiver.requests.compactMap { $0.header("webhook-id") })
                    return ids.isSuperset(of: free.map(\.description))
                }
                #expect(receiver.requests.allSatisfy { $0.header("webhook-id") != blocked[1].description })
                receiver.answer { _ in .ok }
                try await stage.wait { try await stage.pending() == 0 }
                let followers = Set(blocked.map(\.description))
                let sent = receiver.requests.compactMap { $0.header("webhook-id") }.filter(followers.contains)
                #expect(sent.drop { $0 == head } == blocked.dropFirst().map(\.description)[...])
            }
        }
    }

    @Test func orderSurvivesAHandOver() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500))
            let webhook = try await stage.webhook(receiver.url()) { $0.ordering = .webhook }
            let events = try await stage.accept(5, for: webhook, orderKey: 0)
            try await stage.withWorker {
                try await stage.wait { try await stage.recorded(webhook).count == 1 }
            }
            receiver.answer { _ in .ok }
            try await stage.withWorker {
                try await stage.wait { try await stage.pending() == 0 }
                let sent = receiver.requests.compactMap { $0.header("webhook-id") }
                #expect(sent.drop { $0 == events[0].description } == events.dropFirst().map(\.description)[...])
                #expect(try await stage.recorded(webhook).map(\.attempt).prefix(2) == [1, 2])
            }
        }
    }
}

/// Last changed long ago.
private struct AgeWebhook: Statement {
    static let sql = "UPDATE webhooks SET updated_at = now() - interval '30 days' WHERE id = $1"
    let id: Webhook.ID
    func bind(_ parameters: inout Parameters) { parameters.append(id) }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}

extension Stage {
    func laneState(_ webhook: Webhook.ID) async throws -> LaneState? {
        try await pool.execute(FindLaneStates(shards: [shard])).first { $0.webhookID == webhook }
    }

    func webhookRow(_ webhook: Webhook.ID) async throws -> Webhook? {
        try await pool.execute(FindWebhooks(ids: [webhook])).first
    }
}
