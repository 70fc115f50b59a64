public import Postgres
public import Webhooks

/// Counts the hours and the day of a shard anew from its minutes. The same however often.
public struct RollUpDay: Statement {
    public static let sql = "SELECT roll_up(($2 AT TIME ZONE 'UTC')::date, $1)"

    public let day: Instant
    public let shard: Shard

    public init(_ day: Instant, of shard: Shard) {
        self.day = day
        self.shard = shard
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(shard)
        parameters.append(day)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
