public import Postgres
public import Webhooks

/// Copies to `invocations_kept` what a day has of the newest ``count`` invocations of some webhooks, before the day
/// goes. The same however often.
///
/// Gives the last webhook that it looked at; none when there are no more behind it.
public struct KeepInvocations: Statement {
    public static let sql = """
        SELECT id FROM keep_invocations($1, $2, $3, $4, $5) id WHERE id IS NOT NULL
        """

    /// Invocations of a webhook that survive.
    public static let count = 50

    public let day: Partition
    /// Webhooks past this one.
    public let after: Webhook.ID
    /// Webhooks at most.
    public let limit: Int

    public init(of day: Partition, after: Webhook.ID, limit: Int) {
        self.day = day
        self.after = after
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(day.day)
        parameters.append(day.end)
        parameters.append(after)
        parameters.append(limit)
        parameters.append(Self.count)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook.ID { try row.column(0) }
}
