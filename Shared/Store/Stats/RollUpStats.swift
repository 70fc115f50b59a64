public import Postgres
public import Webhooks

/// Counts whole hours of one day anew from their minutes, and the day from its hours, for some shards. The same however
/// often; nothing of a day whose minutes are gone.
public struct RollUpStats: Statement {
    public static let sql = "SELECT roll_up($1, $2, $3)"

    /// The first instant of an hour.
    public let since: Instant
    /// The first instant of another one, at most the next day's.
    public let until: Instant
    public let shards: [Shard]

    public init(since: Instant, until: Instant, of shards: [Shard]) {
        self.since = since
        self.until = until
        self.shards = shards
    }

    /// A whole day.
    public init(_ day: Partition, of shards: [Shard]) { self.init(since: day.day, until: day.end, of: shards) }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(since)
        parameters.append(until)
        parameters.append(shards)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
