import JSON
import Webhooks

/// The webhook that a request is sent for, as far as a dialect needs it.
struct Sender: Sendable {
    let configuration: WebhookConfiguration
    let webhookID: String
    /// As in `X-tenant-ID`.
    let tenantIdentifier: String
}

/// What happened, for a payload.
struct Subject {
    let event: Event
    let eventID: String
    let type: EventType

    /// When it happened, as the producer said, else when it was accepted.
    var timestamp: String { (event.occurredAt ?? event.acceptedAt).rfc3339 }
}

/// What a request carries.
enum Content {
    case body([UInt8])
    /// Of a GET: the members that were appended, and their text in the query.
    case query([PayloadMember], text: [UInt8])
}

/// Whose request it is, and when it is sent: what a signature is made of beside the content.
struct Occasion {
    let eventID: String
    let instant: Instant
    /// How long a receiver may take a signature that ends by itself.
    let lifetime: Duration
}

/// How the requests of one webhook are dressed: its dialect with the keys at hand.
protocol Dress: Sendable {
    var contentType: String { get }
    /// Fields that are the same in every request; history masks their values.
    var secretFields: [(name: String, value: String)] { get }
    /// The default payload.
    func members(of subject: Subject) -> [PayloadMember]
    /// The default payload as compact JSON text.
    func body(of subject: Subject) -> [UInt8]
    /// Compact JSON text in the form that bodies of this dialect have.
    func form(_ text: [UInt8]) -> [UInt8]
    /// The payload where a query gave `result`: alone, or laid over the default members.
    func members(of subject: Subject, result: [UInt8], keepsDefault: Bool) -> [PayloadMember]
    /// The body, of a query's `result` where there is one.
    func body(of subject: Subject, result: [UInt8]?, keepsDefault: Bool) -> [UInt8]
    /// The signature.
    func fields(for content: Content, on occasion: Occasion) -> [(name: String, value: String)]
}

extension Dress {
    var contentType: String { "application/json" }
    var secretFields: [(name: String, value: String)] { [] }

    func body(of subject: Subject) -> [UInt8] { form(PayloadMember.text(of: members(of: subject))) }
    func form(_ text: [UInt8]) -> [UInt8] { text }

    func members(of subject: Subject, result: [UInt8], keepsDefault: Bool) -> [PayloadMember] {
        let own = PayloadMember.all(in: result)
        return keepsDefault ? PayloadMember.merge(own, into: members(of: subject)) : own
    }

    func body(of subject: Subject, result: [UInt8]?, keepsDefault: Bool) -> [UInt8] {
        guard let result else { return body(of: subject) }
        guard keepsDefault else { return form(result) }
        return form(PayloadMember.text(of: members(of: subject, result: result, keepsDefault: true)))
    }
}
