internal import Postgres
public import Webhooks

/// A delivery that is not settled, as the API shows it.
public struct PendingDelivery: Sendable, Hashable {
    /// Raw values are those of the API.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It goes as soon as its lane lets it.
        case due
        /// It is tried again later.
        case scheduled
        /// Its webhook is not active.
        case held
    }

    public let delivery: Delivery
    public let state: State
    /// Name of the event's type; nil where the event is gone.
    public let eventType: String?
    /// When it was made, or an attempt failed last.
    public let updatedAt: Instant

    /// Columns: state, event_type, shard, webhook_id, those of a delivery, and when it changed.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let text: String = try row.column(0)
        guard let state = State(rawValue: text) else { throw .decoding("a delivery cannot be \(text)") }
        self.state = state
        eventType = try row.optional(1)
        delivery = try Delivery(row, shard: row.column(2), webhook: row.column(3), from: 4)
        updatedAt = try row.column(12)
    }
}

extension Identifier {
    /// The earliest due time of rows that came with this id: a row is due when it is written, and only moves on. The
    /// clocks of an ingester and of the database may lie five minutes apart.
    var earliestDue: Instant { Instant(milliseconds: ulid.milliseconds) + .seconds(-300) }
}
