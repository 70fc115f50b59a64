import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// What a webhook's state does to its lane.
@Suite struct WebhookStateTests {
    @Test func aSlowReceiverHoldsUpNobodyElse() async throws {
        try await Stage.run { stage in
            let slow = try TestReceiver(answers: .hang)
            let quick = try TestReceiver(answers: .ok)
            let stuck = try await stage.webhook(slow.url()) { $0.maxConcurrency = 4 }
            let free = try await stage.webhook(quick.url())
            let webhooks = [stuck, free]
            try await stage.withWorker(slots: 16) {
                try await stage.accept(100, for: webhooks)
                _ = try await quick.waitForRequests(100)
                #expect(slow.requests.count <= 4)
            }
        }
    }

    @Test func requestsAtOnceAreBounded() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { _ in ReceiverAnswer.ok.with { $0.delay = .milliseconds(50) } }
            let webhook = try await stage.webhook(receiver.url()) { $0.maxConcurrency = 3 }
            try await stage.withWorker {
                try await stage.accept(30, for: webhook)
                _ = try await receiver.waitForRequests(30)
                #expect(receiver.connectionCount <= 3)
            }
        }
    }

    @Test func anInactiveWebhookQueuesOrDiscards() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let queueing = try await stage.webhook(receiver.url("/queue")) { $0.isEnabled = false }
            let discarding = try await stage.webhook(receiver.url("/discard")) {
                $0.isEnabled = false
                $0.whenDisabled = .discard
            }
            try await stage.withWorker {
                let events = try await stage.accept(5, for: queueing, discarding)
                try await stage.wait { try await stage.recorded(discarding).count == 5 }
                #expect(try await stage.recorded(discarding).allSatisfy { $0.outcome == .discarded && $0.isFinal })
                #expect(try await stage.pending() == 5)
                var configuration = WebhookConfiguration(
                    name: "test", url: receiver.url("/queue"), events: ["order-created"])
                configuration.maxConcurrency = 1
                _ = try await stage.pool.execute(
                    UpdateWebhook(id: queueing, tenant: stage.tenant, version: 1, configuration: configuration))
                let requests = try await receiver.waitForRequests(5)
                #expect(requests.map(\.target) == Array(repeating: "/queue", count: 5))
                #expect(requests.compactMap { $0.header("webhook-id") } == events.map(\.description))
            }
        }
    }

    @Test func aDeletedWebhookGetsNothingMore() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { _ in ReceiverAnswer.ok.with { $0.delay = .milliseconds(20) } }
            let webhook = try await stage.webhook(receiver.url()) { $0.maxConcurrency = 1 }
            try await stage.withWorker {
                try await stage.accept(3000, for: webhook)
                _ = try await receiver.waitForRequests(2)
                _ = try await stage.pool.execute(DeleteWebhook(id: webhook, tenant: stage.tenant))
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.count < 1000)
            }
        }
    }

    @Test func goneDisablesTheWebhook() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(410))
            let webhook = try await stage.webhook(receiver.url()) { $0.maxConcurrency = 1 }
            try await stage.withWorker {
                try await stage.accept(3, for: webhook)
                try await stage.wait {
                    let found = try await stage.pool.execute(FindWebhooks(ids: [webhook]))
                    return found.first?.disabledReason != nil
                }
                try await stage.wait { try await stage.recorded(webhook).count == 1 }
                #expect(try await stage.recorded(webhook).map(\.isFinal) == [true])
                #expect(try await stage.pending() == 2)
                #expect(receiver.requests.count == 1)
            }
        }
    }

    @Test func aLockedWebhookHoldsUpNoOutcomeOfOthers() async throws {
        try await Stage.run { stage in
            let gone = try TestReceiver(answers: .status(410))
            let receiver = try TestReceiver(answers: .ok)
            let (locked, next) = (
                try await stage.webhook(gone.url("/locked")), try await stage.webhook(gone.url("/next"))
            )
            let other = try await stage.webhook(receiver.url())
            let session = try await stage.database.connect()
            try await session.run(script: "SET idle_in_transaction_session_timeout = 0")
            try await session.run(
                script: "BEGIN; SELECT FROM webhooks WHERE id = '\(locked.uuid)' FOR UPDATE")
            try await stage.withWorker {
                try await stage.accept(1, for: locked)
                try await stage.waitForLock()
                // As long as one waits for the row, whatever others are owed is sent and recorded.
                for number in 1...5 {
                    try await stage.accept(20, for: other)
                    try await stage.wait { try await stage.recorded(other).count == 20 * number }
                }
                try await stage.accept(1, for: next)
                try await stage.wait { try await stage.isDisabled(next) }
                #expect(try await !stage.isDisabled(locked))
                try await session.run(script: "ROLLBACK")
                try await stage.wait { try await stage.isDisabled(locked) }
            }
            await session.close()
        }
    }

    @Test func anOrderedLaneWaitsForItsHead() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500), .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.ordering = .webhook }
            try await stage.withWorker {
                let events = try await stage.accept(4, for: webhook, orderKey: 0)
                let requests = try await receiver.waitForRequests(5)
                let first = events[0].description
                #expect(
                    requests.compactMap { $0.header("webhook-id") } == [first] + events.map(\.description))
            }
        }
    }
}

extension Stage {
    fileprivate func isDisabled(_ webhook: Webhook.ID) async throws -> Bool {
        try await pool.execute(FindWebhooks(ids: [webhook])).first?.disabledReason != nil
    }
}
