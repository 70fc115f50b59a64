public import Postgres
internal import Webhooks

/// Keeps what lanes must remember, and forgets those with nothing to remember.
///
/// Part of a flush; in key order, each lane once.
public struct SaveLaneStates: Statement {
    public static let sql = """
        WITH u AS MATERIALIZED (
          SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
                 u(shard, webhook, paused_until, breaker, failures, failing_since)),
        blank AS (
          DELETE FROM lane_states WHERE ctid = ANY (ARRAY(
            SELECT x.ctid FROM u CROSS JOIN LATERAL (
              -- lane_states_pkey
              SELECT l.ctid FROM lane_states l WHERE l.shard = u.shard AND l.webhook_id = u.webhook LIMIT 1) x
             WHERE paused_until IS NULL AND breaker = 0 AND failures = 0 AND failing_since IS NULL)))
        INSERT INTO lane_states (shard, webhook_id, paused_until, breaker, consecutive_failures, failing_since)
        SELECT * FROM u WHERE NOT (paused_until IS NULL AND breaker = 0 AND failures = 0 AND failing_since IS NULL)
         ORDER BY shard, webhook
        ON CONFLICT (shard, webhook_id) DO UPDATE SET paused_until = EXCLUDED.paused_until, breaker = EXCLUDED.breaker,
               consecutive_failures = EXCLUDED.consecutive_failures, failing_since = EXCLUDED.failing_since
        """

    public let states: [LaneState]

    public init(_ states: [LaneState]) { self.states = states }

    public var isOmitted: Bool { states.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: states) { $0.shard }
        parameters.appendArray(of: states) { $0.webhookID }
        parameters.appendArray(of: states) { $0.pausedUntil }
        parameters.appendArray(of: states) { $0.breaker }
        parameters.appendArray(of: states) { $0.consecutiveFailures }
        parameters.appendArray(of: states) { $0.failingSince }
    }
}
