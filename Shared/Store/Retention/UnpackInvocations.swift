public import Postgres

/// Writes requests that stand for themselves, wherever their rows are.
public struct UnpackInvocations: Statement {
    public static let sql = """
        WITH u AS MATERIALIZED (SELECT * FROM unnest($1, $2, $3, $4) u(shard, webhook, id, request)),
        young AS (
          UPDATE invocations i SET request = u.request FROM u             -- invocations_pkey
           WHERE i.shard = u.shard AND i.webhook_id = u.webhook AND i.id = u.id)
        UPDATE invocations_kept i SET request = u.request FROM u          -- invocations_kept_pkey
         WHERE i.shard = u.shard AND i.webhook_id = u.webhook AND i.id = u.id
        """

    public let rows: [PackedInvocation]

    public init(_ rows: [PackedInvocation]) { self.rows = rows }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: rows) { $0.shard }
        parameters.appendArray(of: rows) { $0.webhookID }
        parameters.appendArray(of: rows) { $0.id }
        parameters.appendArray(of: rows) { $0.request }
    }
}
