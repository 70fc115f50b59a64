public import Postgres
public import Webhooks

/// Appends to the history. Part of a flush; in key order.
public struct InsertInvocations: Statement {
    public static let sql = """
        INSERT INTO invocations (
               shard, webhook_id, id, tenant_id, event_id, delivery_id, event_type, started_at, duration_ms,
               next_attempt_at, dns_us, connect_us, tls_us, first_byte_us, attempt, status, outcome, error_class,
               error_detail, trigger, is_final, remote_address, request, response)
        SELECT * FROM unnest(
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
               $24)
        """

    /// Bytes of `error_detail` that are kept.
    public static let detailLimit = 500

    public let invocations: [Invocation]

    public init(_ invocations: [Invocation]) { self.invocations = invocations }

    public var isOmitted: Bool { invocations.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: invocations) { $0.shard }
        parameters.appendArray(of: invocations) { $0.webhookID }
        parameters.appendArray(of: invocations) { $0.id }
        parameters.appendArray(of: invocations) { $0.tenantID }
        parameters.appendArray(of: invocations) { $0.eventID }
        parameters.appendArray(of: invocations) { $0.deliveryID }
        parameters.appendArray(of: invocations) { $0.eventType.storable(limit: 1000) }
        parameters.appendArray(of: invocations) { $0.startedAt }
        parameters.appendArray(of: invocations) { $0.durationMilliseconds }
        parameters.appendArray(of: invocations) { $0.nextAttemptAt }
        parameters.appendArray(of: invocations) { $0.timings?.dns }
        parameters.appendArray(of: invocations) { $0.timings?.connect }
        parameters.appendArray(of: invocations) { $0.timings?.tls }
        parameters.appendArray(of: invocations) { $0.timings?.firstByte }
        parameters.appendArray(of: invocations) { $0.attempt }
        parameters.appendArray(of: invocations) { $0.status }
        parameters.appendArray(of: invocations) { $0.outcome }
        parameters.appendArray(of: invocations) { $0.errorClass }
        parameters.appendArray(of: invocations) { $0.errorDetail?.storable(limit: Self.detailLimit) }
        parameters.appendArray(of: invocations) { $0.trigger }
        parameters.appendArray(of: invocations) { $0.isFinal }
        parameters.appendArray(of: invocations) { $0.remoteAddress?.storable(limit: 100) }
        parameters.appendArray(of: invocations) { $0.request?.stored }
        parameters.appendArray(of: invocations) { $0.response?.stored }
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
