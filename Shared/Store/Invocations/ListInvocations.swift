public import Postgres
public import Webhooks

/// A webhook's history, newest first by id: what retention has left, and the last ones that survived it.
///
/// For outcomes other than success ``ListUnsuccessfulInvocations`` has an index.
public struct ListInvocations: Statement {
    public static let sql = """
        SELECT \(Invocation.columns)
          -- Each part has its own ORDER BY and LIMIT: without them all of a webhook's history is read and sorted.
          FROM ((SELECT * FROM invocations
                  WHERE shard = $1 AND webhook_id = $2 AND id < $3 AND id BETWEEN $4 AND $5  -- invocations_pkey
                    AND tenant_id = $6 AND ($7::smallint IS NULL OR outcome = $7)
                    AND ($8::text IS NULL OR event_type = $8)
                  ORDER BY id DESC LIMIT $9)
                 UNION ALL
                (SELECT * FROM invocations_kept
                  WHERE shard = $1 AND webhook_id = $2 AND id < $3 AND id BETWEEN $4 AND $5  -- invocations_kept_pkey
                    AND tenant_id = $6 AND ($7::smallint IS NULL OR outcome = $7)
                    AND ($8::text IS NULL OR event_type = $8)
                    AND id < (SELECT invocations_since FROM horizons WHERE one)  -- else copied already, and there still
                  ORDER BY id DESC LIMIT $9)) i
         ORDER BY id DESC LIMIT $9
        """

    public let selection: InvocationSelection

    public init(_ selection: InvocationSelection) { self.selection = selection }

    public func bind(_ parameters: inout Parameters) { selection.bind(&parameters) }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Invocation { try Invocation(row) }
}
