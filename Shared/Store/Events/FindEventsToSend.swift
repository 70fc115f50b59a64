public import Postgres
public import Webhooks

/// Events with their own data, and where it is wanted the newest that was accepted of the same resource since. One that
/// is gone has no row.
///
/// Mostly there is nothing newer, and no more is read than the end of an index: 4 µs. Ids from the event's own to those
/// of clocks that are an hour ahead: older days, and those to come, are left alone.
public struct FindEventsToSend: Statement {
    public static let sql = """
        SELECT e.id, e.tenant_id, e.event_type, e.resource_id, e.occurred_at, e.traceparent, e.tracestate, e.data,
               e.related, n.id, n.data, n.related
          FROM unnest($1, $2, $3, $4) u(shard, tenant, event, wants_newest)
         CROSS JOIN LATERAL (SELECT * FROM events e
                WHERE e.shard = u.shard AND e.tenant_id = u.tenant AND e.id = u.event LIMIT 1) e  -- events_pkey
          LEFT JOIN LATERAL (SELECT n.id, n.data, n.related FROM events n  -- events_resource
                WHERE u.wants_newest AND n.shard = u.shard AND n.tenant_id = u.tenant
                  AND n.resource_key = e.resource_key AND n.id > u.event AND n.id <= $5
                ORDER BY n.id DESC LIMIT 1) n ON true
        """

    public let keys: [EventKey]
    /// As many as `keys`: whether newer data is wanted.
    public let wantsNewest: [Bool]
    /// The database's clock.
    public let now: Instant

    public init(_ keys: [EventKey], wantsNewest: [Bool], at now: Instant) {
        self.keys = keys
        self.wantsNewest = wantsNewest
        self.now = now
    }

    public var isOmitted: Bool { keys.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: keys) { $0.shard }
        parameters.appendArray(of: keys) { $0.tenantID }
        parameters.appendArray(of: keys) { $0.id }
        parameters.append(wantsNewest)
        parameters.append(Event.ID.last(of: now + .seconds(3600)))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> EventToSend {
        let event = try Event(row)
        guard let newest: Event.ID = try row.optional(9) else { return EventToSend(event) }
        return EventToSend(
            event, newest: .init(eventID: newest, data: try row.payload(10), related: try row.optionalPayload(11)))
    }
}

/// An event, and the newest data of its resource where that is another event's.
///
/// A class because it is handed along with every delivery of the event and never changes.
public final class EventToSend: Sendable {
    /// What came after the event.
    public struct Newest: Sendable {
        /// The event that it came with.
        public let eventID: Event.ID
        public let data: [UInt8]
        public let related: [UInt8]?
    }

    /// With its own data.
    public let event: Event
    /// Nil: the event's own is the newest, or newer was not asked for.
    public let newest: Newest?

    public init(_ event: Event, newest: Newest? = nil) {
        self.event = event
        self.newest = newest
    }

    /// With the data that a webhook gets which wants it so.
    public func event(with choice: WebhookConfiguration.DataChoice) -> Event {
        guard choice == .latest, let newest else { return event }
        return event.with(data: newest.data, related: newest.related)
    }

    /// The event whose data that is, where it is another.
    public func dataEventID(with choice: WebhookConfiguration.DataChoice) -> Event.ID? {
        choice == .latest ? newest?.eventID : nil
    }
}
