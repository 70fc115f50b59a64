public import Webhooks

extension PreparedWebhook {
    /// The event with no more of its data than the webhook's `fields` name, before anything is made of it.
    public func cut(_ event: Event) -> Event {
        fields == nil ? event : event.with(data: cut(event.data), related: event.related)
    }

    /// What the webhook's `fields` name of an event's data.
    public func cut(_ data: [UInt8]) -> [UInt8] { fields?.cut(data) ?? data }
}
