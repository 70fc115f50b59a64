import JSON
import Store
import Webhooks

/// The webhooks to which an event is owed: a list that many events share, and which of it a filter left.
struct MatchingWebhooks: Sendable {
    private let candidates: [Subscription]
    /// A bit for each candidate: many events may wait for their commit at once. Empty: all of them.
    private let taken: [UInt64]
    let count: Int

    init(_ candidates: [Subscription]) {
        self.candidates = candidates
        taken = []
        count = candidates.count
    }

    init(_ candidates: [Subscription], where takes: (Subscription) -> Bool) {
        var taken = [UInt64](repeating: 0, count: (candidates.count + 63) / 64)
        for (place, candidate) in candidates.enumerated() where takes(candidate) {
            taken[place / 64] |= 1 << UInt64(place % 64)
        }
        self.candidates = candidates
        self.taken = taken
        count = taken.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    /// By id.
    var subscriptions: [Subscription] {
        guard count < candidates.count else { return candidates }
        return candidates.enumerated().filter { taken[$0.offset / 64] >> UInt64($0.offset % 64) & 1 == 1 }
            .map(\.element)
    }
}

extension FilteredEvent {
    /// Nil where what is to be stored cannot be read again.
    init?(_ event: EventSubmission, tenantIdentifier: String) {
        func read(_ stored: [UInt8]) -> JSONValue? {
            (try? StoredPayload.decode(stored)).flatMap { try? JSONDocument(parsing: $0).root }
        }
        guard let data = read(event.data) else { return nil }
        self.init(
            id: event.id, type: event.type, occurredAt: event.occurredAt, resourceID: event.resourceID,
            tenantIdentifier: tenantIdentifier, data: data, related: event.related.flatMap(read))
    }
}
