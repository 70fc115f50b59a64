public import Postgres
public import Webhooks

/// Where a search of a webhook's history stops looking: the last invocation of the ``length`` newest ones below its
/// beginning. No row: there are fewer, so it looks at all.
public struct FindScanEnd: Statement {
    public static let sql = """
        SELECT id FROM invocations WHERE shard = $1 AND webhook_id = $2 AND id < $3 AND id BETWEEN $4 AND $5
         ORDER BY id DESC OFFSET $6 LIMIT 1                               -- invocations_pkey
        """

    /// Invocations that one page looks at.
    public static let length = 2500

    public let selection: InvocationSelection

    public init(_ selection: InvocationSelection) { self.selection = selection }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(selection.shard)
        parameters.append(selection.webhook)
        parameters.append(selection.before ?? .greatest)
        parameters.append(Invocation.ID.first(of: selection.created.lowerBound))
        parameters.append(Invocation.ID.last(of: selection.created.upperBound))
        parameters.append(Self.length - 1)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation.ID { try row.column(0) }
}
