public import Postgres
public import Webhooks

/// Moves a replay on, in one transaction with the deliveries that it queues, which ends with ``RequireShards``. Aborts
/// with ``SQLState/replayMoved`` unless it is running and still where it was: no batch is queued twice, whatever became
/// of the session that queued it.
public struct AdvanceReplay: Statement {
    public static let sql = """
        WITH moved AS (
          UPDATE replays SET position = $3, matched = matched + $4, queued = queued + $5, state = $6,
                 finished_at = CASE WHEN $6 <> 0 THEN now() END
           WHERE shard = $7 AND id = $1 AND state = 0 AND position IS NOT DISTINCT FROM $2  -- replays_running
          RETURNING id)
        SELECT require(EXISTS (SELECT FROM moved), 'MA005')
        """

    public let id: Replay.ID
    public let shard: Shard
    public let from: ULID?
    public let to: ULID?
    /// Added to what it was.
    public let matched: Int
    /// Added to what it was.
    public let queued: Int
    public let state: Replay.State

    public init(
        _ id: Replay.ID, shard: Shard, from: ULID?, to: ULID?, matched: Int, queued: Int, state: Replay.State
    ) {
        self.id = id
        self.shard = shard
        self.from = from
        self.to = to
        self.matched = matched
        self.queued = queued
        self.state = state
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(from.map { PostgresUUID($0.value) })
        parameters.append(to.map { PostgresUUID($0.value) })
        parameters.append(matched)
        parameters.append(queued)
        parameters.append(state.rawValue)
        parameters.append(shard)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
