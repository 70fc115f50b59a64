import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// Deliveries whose events are about to go.
@Suite struct ExpiryTests {
    @Test func whatIsOwedOfEventsPastRetentionIsSettled() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let held = try await stage.webhook(receiver.url()) { $0.isEnabled = false }
            let ordered = try await stage.webhook(receiver.url()) { $0.isEnabled = false }
            try await stage.accept(1, for: held)
            let old = Event.ID(ULID(milliseconds: (Instant.now - .seconds(31 * 86_400)).milliseconds, random: 1))
            let rows = (0..<3).map { number in
                DeliveryRow(
                    shard: stage.shard, webhookID: number == 0 ? ordered : held, id: Delivery.ID(),
                    tenantID: stage.tenant, eventID: old, orderKey: number == 0 ? 1 : nil, key: nil)
            }
            _ = try await stage.pool.execute(InsertDeliveries(rows))
            let session = try await stage.database.connect()
            try await session.run(
                script: "UPDATE deliveries SET due_at = now() - interval '31 days' WHERE event_id = '\(old.uuid)'")
            await session.close()
            try await stage.withWorker {
                try await stage.wait { try await stage.pending() == 1 }
                #expect(try await stage.recorded(held).map(\.outcome) == [.discarded, .discarded])
                #expect(try await stage.recorded(ordered).map(\.isFinal) == [true])
                let selection = InvocationSelection(
                    shard: stage.shard, tenant: stage.tenant, webhook: ordered, limit: 9)
                let details = try await stage.pool.execute(ListInvocations(selection)).map(\.errorDetail)
                #expect(details == [Dispatcher.expired])
                #expect(receiver.requests.isEmpty)
            }
        }
    }

    /// The id of an event has its ingester's clock, and that may be wrong.
    @Test func whatTheDatabaseTookJustNowIsSentHoweverOldItClaimsToBe() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            let old = Event.ID(ULID(milliseconds: (Instant.now - .seconds(31 * 86_400)).milliseconds, random: 1))
            let event = EventRow(
                shard: stage.shard, tenantID: stage.tenant, id: old, resourceKey: nil, type: "order-created",
                resourceID: nil, occurredAt: nil, traceparent: nil, data: StoredPayload.encode(Array("{}".utf8)),
                related: nil, key: nil)
            let delivery = DeliveryRow(
                shard: stage.shard, webhookID: webhook, id: Delivery.ID(), tenantID: stage.tenant, eventID: old,
                orderKey: nil, key: nil)
            _ = try await stage.pool.transact(InsertEvents([event]), InsertDeliveries([delivery]))
            try await stage.withWorker {
                try await stage.wait { try await stage.pending() == 0 }
                #expect(try await stage.recorded(webhook).map(\.outcome) == [.succeeded])
            }
        }
    }
}
