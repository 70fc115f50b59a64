public import Postgres
public import Webhooks

/// Appends to the history. Part of a flush; in key order.
public struct InsertInvocations: Statement {
    public static let sql = """
        INSERT INTO invocations (
               shard, webhook_id, id, tenant_id, event_id, delivery_id, event_type, started_at, duration_ms,
               next_attempt_at, dns_us, connect_us, tls_us, first_byte_us, attempt, status, outcome, error_class,
               error_detail, trigger, is_final, remote_address, request, response, data_event_id)
        SELECT * FROM unnest(
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
               $24, $25)
        """

    /// Bytes of `error_detail` that are kept.
    public static let detailLimit = 500

    private let rows: [InvocationRow]

    public init(_ rows: [InvocationRow]) { self.rows = rows }

    /// Those whose events are not at hand.
    public init(_ invocations: [Invocation]) { self.init(invocations.map { InvocationRow($0) }) }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: rows) { $0.invocation.shard }
        parameters.appendArray(of: rows) { $0.invocation.webhookID }
        parameters.appendArray(of: rows) { $0.invocation.id }
        parameters.appendArray(of: rows) { $0.invocation.tenantID }
        parameters.appendArray(of: rows) { $0.invocation.eventID }
        parameters.appendArray(of: rows) { $0.invocation.deliveryID }
        parameters.appendArray(of: rows) { $0.invocation.eventType.storable(limit: 1000) }
        parameters.appendArray(of: rows) { $0.invocation.startedAt }
        parameters.appendArray(of: rows) { $0.invocation.durationMilliseconds }
        parameters.appendArray(of: rows) { $0.invocation.nextAttemptAt }
        parameters.appendArray(of: rows) { $0.invocation.timings?.dns }
        parameters.appendArray(of: rows) { $0.invocation.timings?.connect }
        parameters.appendArray(of: rows) { $0.invocation.timings?.tls }
        parameters.appendArray(of: rows) { $0.invocation.timings?.firstByte }
        parameters.appendArray(of: rows) { $0.invocation.attempt }
        parameters.appendArray(of: rows) { $0.invocation.status }
        parameters.appendArray(of: rows) { $0.invocation.outcome }
        parameters.appendArray(of: rows) { $0.invocation.errorClass }
        parameters.appendArray(of: rows) { $0.invocation.errorDetail?.storable(limit: Self.detailLimit) }
        parameters.appendArray(of: rows) { $0.invocation.trigger }
        parameters.appendArray(of: rows) { $0.invocation.isFinal }
        parameters.appendArray(of: rows) { $0.invocation.remoteAddress?.storable(limit: 100) }
        parameters.appendArray(of: rows) { $0.storedRequest }
        parameters.appendArray(of: rows) { $0.invocation.response?.stored }
        parameters.appendArray(of: rows) { $0.dataEventID }
    }
}

extension Invocation {
    /// `duration_ms`: whole milliseconds, rounded to the nearest.
    var durationMilliseconds: Int32 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < Int64(Int32.max) / 1000 else { return .max }
        return Int32(clamping: seconds * 1000 + (attoseconds + 500_000_000_000_000) / 1_000_000_000_000_000)
    }
}
