import Store
import Webhooks

/// One event of a request, checked: all of it that is stored, in the form in which it is stored.
struct EventSubmission: Sendable {
    /// The producer's `id` and the content that came with it, each as a digest.
    struct Key: Hashable, Sendable {
        let key: Fingerprint
        /// Of what would be stored: a repetition is one only if this is equal.
        let body: Fingerprint
    }

    let id: Event.ID
    /// A name of the catalogue, or any name where the tenant's catalogue is open.
    let type: String
    let resourceID: String?
    /// Of resource and resource id: what `ordering: resource` keeps in order. Nil without a resource id.
    let resource: Fingerprint?
    /// Whether its data is a part of the resource only, and so never the newest data of it.
    let isPartial: Bool
    let occurredAt: Instant?
    let traceparent: String?
    var tracestate: String?
    /// Compact JSON text of an object, as ``StoredPayload`` keeps it.
    let data: [UInt8]
    /// Likewise.
    let related: [UInt8]?
    let key: Key?
    /// The index of an earlier event of the same request that has the same key and content: this one is not stored.
    var repeats: Int?

    /// `events.resource_key`: by it the newest data of a resource is found.
    var resourceKey: Fingerprint? { isPartial ? nil : resource }
}
