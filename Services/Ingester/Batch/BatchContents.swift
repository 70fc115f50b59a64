import Store
import Webhooks

/// What a batch writes, row by row in the order of the tables' keys, and what its requests are answered.
///
/// A value: made from the requests and what the directory says, without a database.
struct BatchContents: Sendable {
    let requests: [IntakeRequest]
    /// What decided the matches, one for each tenant.
    private(set) var subscriptions: [Tenant.ID: TenantSubscriptions] = [:]
    private(set) var keys: [EventKeyRow] = []
    /// Those of ``keys`` whose conflict must undo other events too, because their request has several.
    private(set) var guardedKeys: [EventKeyRow] = []
    private(set) var events: [EventRow] = []
    private(set) var deliveries: [DeliveryRow] = []
    private var deliveryCounts: [Event.ID: Int] = [:]

    /// - Parameter known: the newest that the directory has of a tenant.
    init(_ requests: [IntakeRequest], known: (Tenant.ID) -> TenantSubscriptions?) {
        self.requests = requests
        // First the newest of each tenant, then the matches: they must not come from two versions.
        for request in requests {
            let newest = subscriptions[request.tenantID] ?? known(request.tenantID) ?? request.subscriptions
            let isOlder = newest.version < request.subscriptions.version
            subscriptions[request.tenantID] = isOlder ? request.subscriptions : newest
        }
        var owed: [Owed] = []
        for request in requests {
            add(request, matching: subscriptions[request.tenantID] ?? request.subscriptions, to: &owed)
        }
        events.sort { ($0.shard, $0.tenantID, $0.id) < ($1.shard, $1.tenantID, $1.id) }
        keys.sort(by: Self.isBefore)
        guardedKeys.sort(by: Self.isBefore)
        addDeliveries(owed)
    }

    private mutating func add(
        _ request: IntakeRequest, matching subscriptions: TenantSubscriptions, to owed: inout [Owed]
    ) {
        for (index, event) in request.events.enumerated() where event.repeats == nil {
            let matches = request.matches(at: index, by: subscriptions)
            deliveryCounts[event.id] = matches.count
            events.append(
                EventRow(
                    shard: request.shard, tenantID: request.tenantID, id: event.id, resourceKey: event.resourceKey,
                    type: event.type, resourceID: event.resourceID, occurredAt: event.occurredAt,
                    traceparent: event.traceparent, tracestate: event.tracestate, data: event.data,
                    related: event.related, key: event.key?.key))
            for match in matches.subscriptions {
                owed.append(
                    Owed(
                        shard: request.shard, webhookID: match.webhookID, tenantID: request.tenantID, eventID: event.id,
                        orderKey: match.orderKey(of: event), key: event.key?.key))
            }
            guard let key = event.key else { continue }
            let row = EventKeyRow(
                shard: request.shard, tenantID: request.tenantID, key: key.key, eventID: event.id, body: key.body,
                deliveries: Int32(clamping: matches.count))
            keys.append(row)
            if request.events.count > 1 { guardedKeys.append(row) }
        }
    }

    private static func isBefore(_ one: EventKeyRow, _ other: EventKeyRow) -> Bool {
        (one.shard, one.tenantID, one.key, one.eventID) < (other.shard, other.tenantID, other.key, other.eventID)
    }

    // MARK: Deliveries

    /// A delivery that has no id yet.
    private struct Owed {
        let shard: Shard
        let webhookID: Webhook.ID
        let tenantID: Tenant.ID
        let eventID: Event.ID
        let orderKey: Int64?
        let key: Fingerprint?
    }

    /// One clock reading of the database serves the whole batch: within a lane it is the ids that hold the order, so
    /// they are drawn in the order of the events.
    private mutating func addDeliveries(_ owed: [Owed]) {
        deliveries.reserveCapacity(owed.count)
        for owed in owed.sorted(by: {
            ($0.shard, $0.webhookID, $0.eventID) < ($1.shard, $1.webhookID, $1.eventID)
        }) {
            deliveries.append(
                DeliveryRow(
                    shard: owed.shard, webhookID: owed.webhookID, id: Delivery.ID(), tenantID: owed.tenantID,
                    eventID: owed.eventID, orderKey: owed.orderKey, key: owed.key))
        }
    }

    // MARK: Answers

    /// By the id of the event that came too late.
    typealias Holders = [Event.ID: FindDuplicateEventKeys.Row]

    /// What the requests are answered once the batch is committed.
    ///
    /// - Parameter holders: who held a key before an event of this batch came.
    func answers(_ holders: Holders) -> [IntakeAnswer] {
        requests.map { request in
            let conflicts = Self.conflicts(of: request, holders)
            guard conflicts.isEmpty else { return .conflict(conflicts) }
            var accepted: [AcceptedEvent] = []
            accepted.reserveCapacity(request.events.count)
            for event in request.events {
                if let first = event.repeats {
                    let first = accepted[first]
                    accepted.append(AcceptedEvent(id: first.id, isDuplicate: true, deliveries: first.deliveries))
                } else if let holder = holders[event.id] {
                    accepted.append(
                        AcceptedEvent(
                            id: holder.firstEventID, isDuplicate: true, deliveries: Int(holder.deliveries)))
                } else {
                    accepted.append(
                        AcceptedEvent(id: event.id, isDuplicate: false, deliveries: deliveryCounts[event.id] ?? 0))
                }
            }
            return .accepted(accepted)
        }
    }

    /// The indices of a request's events whose keys were used for other content.
    static func conflicts(of request: IntakeRequest, _ holders: Holders) -> [Int] {
        guard !holders.isEmpty else { return [] }
        return request.events.indices.filter { index in
            let event = request.events[index]
            return event.repeats == nil && holders[event.id].map { $0.body != event.key?.body } ?? false
        }
    }
}
