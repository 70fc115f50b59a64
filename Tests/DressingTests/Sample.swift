import Dressing
import Webhooks

/// One event, one webhook, one moment; every expected signature was computed with Python's hmac.
enum Sample {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    static let tenantSecret = "the signature secret of the tenant acme"
    static let eventID = "evt_01K6Z818A80000000000000001"
    static let webhookID = "wbh_01K6Z818A80000000000000002"
    static let deliveryID = "dlv_01K6Z818A80000000000000003"
    static let data = #"{"id":"68e4","name":"Bård","gross":10.1125}"#
    /// 2025-10-07 11:50:00.9.
    static let now = Instant(microseconds: 1_759_837_800_900_000)

    static let body =
        #"{"id":"evt_01K6Z818A80000000000000001","type":"order-created","timestamp":"2025-10-07T11:48:45.123Z","#
        + #""resource":"order","event":"created","resourceId":"68e4","tenantId":"acme","#
        + #""webhookId":"wbh_01K6Z818A80000000000000002","data":{"id":"68e4","name":"Bård","gross":10.1125}}"#

    static func id<Subject>(_ number: UInt128) -> Identifier<Subject> {
        Identifier(ULID(milliseconds: 1_759_837_725_000, random: number))
    }

    static func event(
        type: String = "order-created", resourceID: String? = "68e4",
        occurredAt: Instant? = Instant(microseconds: 1_759_837_725_123_456), traceparent: String? = nil,
        tracestate: String? = nil, data: String = data, related: String? = nil
    ) -> Event {
        Event(
            id: id(1), tenantID: id(9), type: type, resourceID: resourceID, occurredAt: occurredAt,
            traceparent: traceparent, tracestate: tracestate, data: Array(data.utf8),
            related: related.map { Array($0.utf8) })
    }

    static func prepare(
        secrets: WebhookSecrets = WebhookSecrets(signing: [.init(secret)], tenantSignature: tenantSecret),
        _ change: (inout WebhookConfiguration) -> Void = { _ in }
    ) throws -> PreparedWebhook {
        var configuration = WebhookConfiguration(name: "n", url: "https://example.com/wh", events: ["*"])
        change(&configuration)
        let webhook = Webhook(
            id: id(2), tenantID: id(9), shard: Shard.all[0], configuration: configuration, version: 1,
            createdAt: now, updatedAt: now)
        return try PreparedWebhook(webhook, tenantIdentifier: "acme", secrets: secrets)
    }

    static func dress(
        _ event: Event = event(), for webhook: PreparedWebhook, attempt: Int16 = 1, at instant: Instant = now,
        queryResult: String? = nil
    ) -> DressedRequest {
        let delivery = Delivery(
            id: id(3), shard: Shard.all[0], tenantID: id(9), webhookID: id(2), eventID: event.id, dueAt: now)
        return Dresser().dress(
            event, for: webhook, delivery: delivery, attempt: attempt, at: instant,
            queryResult: queryResult.map { Array($0.utf8) })
    }
}

extension DressedRequest {
    var text: String? { body.map { String(decoding: $0, as: UTF8.self) } }

    /// Nil where there is none; fails the lookup where there are two.
    func header(_ name: String) -> String? {
        let found = headers.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }
}
