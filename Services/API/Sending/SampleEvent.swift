import Dressing
import JSON
import Webhooks

/// Events that never happened: for test sends, and to show what a type looks like.
enum SampleEvent {
    /// - Parameter data: compact JSON text; its `id` becomes the resource id.
    static func event(type: EventType, data: [UInt8], tenant: Tenant.ID, at instant: Instant) -> Event {
        Event(
            id: Event.ID(), tenantID: tenant, type: type.name, resourceID: resourceID(of: data), occurredAt: instant,
            traceparent: nil, data: data, related: nil)
    }

    private static func resourceID(of data: [UInt8]) -> String? {
        (try? JSONDocument(parsing: data))?.root.member("id")?.resourceID
    }

    /// A webhook that sends nothing: for what its requests' bodies are, with an id and secrets that stand for any.
    static func webhook(
        _ configuration: WebhookConfiguration, of tenant: Tenant, at instant: Instant
    ) -> PreparedWebhook? {
        let webhook = Webhook(
            id: Webhook.ID(ULID(milliseconds: instant.milliseconds, random: 0)), tenantID: tenant.id,
            shard: tenant.shard, configuration: configuration, version: 0, createdAt: instant, updatedAt: instant)
        let secret = StandardWebhooksSecret().text  // of any dialect
        let secrets = WebhookSecrets(signing: [WebhookSecrets.Signing(secret)], tenantSignature: secret)
        return try? PreparedWebhook(
            webhook, tenantIdentifier: tenant.identifier, secrets: secrets, tenantDefault: tenant.settings.dialect)
    }

    /// The body that a webhook without a payload query gets: JSON text, with ids that stand for any.
    static func payload(of type: EventType, data: [UInt8], for tenant: Tenant, catalogue: EventCatalogue) -> [UInt8] {
        let instant = Instant(milliseconds: 1_759_837_725_000)
        let event = Event(
            id: Event.ID(ULID(milliseconds: instant.milliseconds, random: 0)), tenantID: tenant.id, type: type.name,
            resourceID: resourceID(of: data), occurredAt: instant,
            traceparent: nil, data: data, related: nil)
        let configuration = WebhookConfiguration(name: "", url: "https://example.com/", events: [type.name])
        guard let prepared = webhook(configuration, of: tenant, at: instant) else { return data }
        return Dresser(catalogue: catalogue).dress(event, for: prepared, deliveryID: nil, at: instant).body ?? data
    }
}
