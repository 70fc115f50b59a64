import JSON

/// What Martlet itself tells a tenant of one of its webhooks. Owed to those webhooks that name its type, never by a
/// pattern, and never to the one that it is about.
public struct OperationalEvent: Hashable, Sendable {
    public let id: Event.ID
    /// Name of an operational type of the catalogue.
    public let type: String
    public let webhookID: Webhook.ID
    public let occurredAt: Instant
    /// Compact JSON text of an object.
    public let data: [UInt8]

    /// Its resource is `webhook`, its resource id the webhook's.
    public var resourceID: String { webhookID.description }

    /// As it is stored.
    public func event(of tenant: Tenant.ID) -> Event {
        Event(
            id: id, tenantID: tenant, type: type, resourceID: resourceID, occurredAt: occurredAt, traceparent: nil,
            data: data, related: nil)
    }

    public static let webhookDisabledType = "webhook-disabled"
    public static let webhookFailingType = "webhook-failing"
    public static let webhookRecoveredType = "webhook-recovered"

    /// Martlet switched a webhook off.
    /// - Parameter reason: as the webhook's `disabledReason` says it.
    public static func webhookDisabled(_ webhook: Webhook, reason: String, at instant: Instant) -> OperationalEvent {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", webhook.id.description)
            writer.member("name", webhook.configuration.name)
            writer.member("url", webhook.configuration.url)
            writer.member("status", Webhook.Status.disabled.rawValue)
            writer.member("reason", reason)
            writer.member("disabledAt", instant.rfc3339)
        }
        return OperationalEvent(
            id: Event.ID(), type: webhookDisabledType, webhookID: webhook.id, occurredAt: instant, data: writer.bytes)
    }

    /// A webhook fails so that its tenant should look.
    public static func webhookFailing(
        _ webhook: Webhook, _ trouble: WebhookTrouble, at instant: Instant
    ) -> OperationalEvent {
        var writer = JSONWriter()
        writer.object { writer in
            describe(webhook, &writer)
            writer.name("reasons")
            writer.array { writer in for reason in trouble.reasons { writer.string(reason.rawValue) } }
            writer.member("consecutiveFailures", trouble.consecutiveFailures)
            writer.name("successRate")
            if let rate = trouble.successRate { writer.double(rate) } else { writer.string(nil) }
            writer.name("oldestPendingSeconds")
            if let age = trouble.oldestPending { writer.integer(age.components.seconds) } else { writer.string(nil) }
            writer.member("failingSince", trouble.failingSince?.rfc3339)
            writer.member("disablesAt", trouble.disablesAt?.rfc3339)
            writer.member("failingAt", instant.rfc3339)
        }
        return OperationalEvent(
            id: Event.ID(), type: webhookFailingType, webhookID: webhook.id, occurredAt: instant, data: writer.bytes)
    }

    /// A webhook that its tenant was told of works again.
    public static func webhookRecovered(_ webhook: Webhook, at instant: Instant) -> OperationalEvent {
        var writer = JSONWriter()
        writer.object { writer in
            describe(webhook, &writer)
            writer.member("recoveredAt", instant.rfc3339)
        }
        return OperationalEvent(
            id: Event.ID(), type: webhookRecoveredType, webhookID: webhook.id, occurredAt: instant, data: writer.bytes)
    }

    private static func describe(_ webhook: Webhook, _ writer: inout JSONWriter) {
        writer.member("id", webhook.id.description)
        writer.member("name", webhook.configuration.name)
        writer.member("url", webhook.configuration.url)
        writer.member("status", Webhook.Status.active.rawValue)
    }
}
