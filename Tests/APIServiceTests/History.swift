import Postgres
import Store
import TestSupport
import Webhooks

/// An event with its history in a tenant: one webhook that was tried twice and succeeded, and one that is due.
struct History {
    let tenant: Tenant
    let webhook: Webhook.ID
    let event: Event.ID
    let settled: Delivery.ID
    let pending: Delivery.ID
    /// Oldest first.
    let invocations: [Invocation.ID]

    static let data = #"{"id":"o1","customer":{"firstName":"Bård"},"total":10.1125,"pipelines":null}"#
    static let start = Instant(milliseconds: 1_790_000_000_123)

    static func seed(_ api: TestAPI, _ database: TestDatabase) async throws -> History {
        let session = try await database.connect()
        let tenant = try await session.execute(FindTenant(identifier: api.tenant ?? "")).first?.tenant
        await session.close()
        guard let tenant, let webhook = Webhook.ID(try await api.makeWebhook().string("id") ?? "") else {
            throw Missing()
        }
        let history = History(
            tenant: tenant, webhook: webhook, event: Event.ID(), settled: Delivery.ID(), pending: Delivery.ID(),
            invocations: [Invocation.ID(), Invocation.ID()])
        try await database.transact(
            InsertEvents([
                EventRow(
                    shard: tenant.shard, tenantID: tenant.id, id: history.event,
                    resourceKey: Fingerprint(resource: "order", id: "o1"), type: "order-created", resourceID: "o1",
                    occurredAt: start, traceparent: nil, data: StoredPayload.encode(Array(data.utf8)), related: nil,
                    key: nil)
            ]),
            InsertDeliveries([
                DeliveryRow(
                    shard: tenant.shard, webhookID: webhook, id: history.pending, tenantID: tenant.id,
                    eventID: history.event, orderKey: nil, key: nil)
            ]),
            InsertInvocations([history.failure(history.invocations[0]), history.success]))
        return history
    }

    struct Missing: Error {}

    /// One that is not stored.
    var another: Invocation { failure(Invocation.ID()) }

    private func failure(_ id: Invocation.ID) -> Invocation {
        Invocation(
            id: id, shard: tenant.shard, tenantID: tenant.id, webhookID: webhook, eventID: event,
            deliveryID: settled, eventType: "order-created", attempt: 1, trigger: .event, startedAt: Self.start,
            duration: .milliseconds(1000), outcome: .failed, errorClass: .timeout,
            errorDetail: "No answer within 1000 ms.", isFinal: false, nextAttemptAt: Self.start + .seconds(5),
            request: request, timings: Invocation.Timings(dns: 250, connect: 1500), remoteAddress: "192.0.2.1")
    }

    private var success: Invocation {
        Invocation(
            id: invocations[1], shard: tenant.shard, tenantID: tenant.id, webhookID: webhook, eventID: event,
            deliveryID: settled, eventType: "order-created", attempt: 2, trigger: .event,
            startedAt: Self.start + .seconds(5), duration: .milliseconds(12), outcome: .succeeded, isFinal: true,
            status: 200, request: request,
            response: RecordedResponse(
                headers: [
                    HeaderField("content-type", "text/plain"), HeaderField("set-cookie", "a=1"),
                    HeaderField("set-cookie", "b=2"),
                ],
                body: Array("ok \u{1}\"".utf8) + [0xFF], isTruncated: false),
            timings: Invocation.Timings(firstByte: 11_000), remoteAddress: "192.0.2.1")
    }

    private var request: RecordedRequest {
        RecordedRequest(
            method: "POST", url: "https://test.com/wh", headers: [HeaderField("authorization", "Bearer ••••1234")],
            payload: Array(#"{"a":"Bår"#.utf8) + [0xC3], isTruncated: true)
    }
}
