import JSON
import Webhooks

/// A webhook as answers show it: every member but the secret, defaults filled in.
struct WebhookRepresentation {
    let webhook: Webhook
    let dialect: Dialect
    /// `••••1234`.
    let secretHint: String?
    /// Masked JSON text of the member.
    let authentication: String?
    let lastInvocation: InvocationSummary?
    /// In the answer that made the webhook only.
    var secret: String?

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", webhook.id.description)
            writer.member("status", webhook.status.rawValue)
            writer.member("disabledReason", webhook.status == .disabled ? webhook.disabledReason : nil)
            ConfigurationWriter(webhook.configuration, authentication: authentication).write(
                to: &writer, defaultsOf: dialect)
            if let secret { writer.member("secret", secret) }
            writer.member("secretHint", secretHint)
            writer.member("createdAt", webhook.createdAt)
            writer.member("updatedAt", webhook.updatedAt)
            writer.name("lastInvocation")
            if let lastInvocation { lastInvocation.write(to: &writer) } else { writer.null() }
        }
    }
}

/// What a webhook shows of its latest request.
struct InvocationSummary {
    let id: Invocation.ID
    let event: String
    let start: Instant
    let outcome: Outcome
    let status: Int16?
    let errorClass: ErrorClass?

    init(_ invocation: Invocation) {
        id = invocation.id
        event = invocation.eventType
        start = invocation.startedAt
        outcome = invocation.outcome
        status = invocation.status
        errorClass = invocation.errorClass
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.description)
            writer.member("event", event)
            writer.member("start", start)
            writer.member("outcome", outcome.name)
            writer.optional("status", status) { $0.integer($1) }
            writer.member("error", errorClass?.name)
        }
    }
}

extension JSONWriter {
    /// RFC 3339 in UTC with milliseconds; nil writes `null`.
    mutating func member(_ name: String, _ value: Instant?) { member(name, value?.rfc3339) }

    /// What `write` makes of a value, or `null`.
    mutating func optional<Value>(_ name: String, _ value: Value?, write: (inout JSONWriter, Value) -> Void) {
        self.name(name)
        if let value { write(&self, value) } else { null() }
    }

    /// An object of texts, its names in order.
    mutating func member(_ name: String, _ texts: [String: String]) {
        self.name(name)
        object { writer in
            for (name, value) in texts.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
        }
    }

    mutating func member(_ name: String, _ texts: [String]) {
        self.name(name)
        array { writer in for text in texts { writer.string(text) } }
    }
}
