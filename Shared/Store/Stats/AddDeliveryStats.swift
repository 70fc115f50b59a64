public import Postgres
internal import Webhooks

/// Adds to the counters of webhooks and minutes. Part of a flush; in key order, each webhook and minute once.
public struct AddDeliveryStats: Statement {
    public static let sql = """
        INSERT INTO delivery_stats AS x (
               shard, webhook_id, minute, tenant_id, succeeded, failed, debounced, discarded, duration_ms, d0, d1, d2,
               d3, d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10,
               l11, l12, l13, l14, l15, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15)
        SELECT u.* FROM unnest(
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
               $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42,
               $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57)
               u(
               shard, webhook, minute, tenant, succeeded, failed, debounced, discarded, duration_ms, d0, d1, d2, d3,
               d4, d5, d6, d7, d8, d9, d10, d11, d12, d13, d14, d15, l0, l1, l2, l3, l4, l5, l6, l7, l8, l9, l10, l11,
               l12, l13, l14, l15, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, e13, e14, e15)
         ORDER BY shard, webhook, minute
        ON CONFLICT (shard, webhook_id, minute) DO UPDATE SET             -- delivery_stats_pkey
               succeeded = x.succeeded + EXCLUDED.succeeded, failed = x.failed + EXCLUDED.failed,
               debounced = x.debounced + EXCLUDED.debounced, discarded = x.discarded + EXCLUDED.discarded,
               duration_ms = x.duration_ms + EXCLUDED.duration_ms, d0 = x.d0 + EXCLUDED.d0, d1 = x.d1 + EXCLUDED.d1,
               d2 = x.d2 + EXCLUDED.d2, d3 = x.d3 + EXCLUDED.d3, d4 = x.d4 + EXCLUDED.d4, d5 = x.d5 + EXCLUDED.d5,
               d6 = x.d6 + EXCLUDED.d6, d7 = x.d7 + EXCLUDED.d7, d8 = x.d8 + EXCLUDED.d8, d9 = x.d9 + EXCLUDED.d9,
               d10 = x.d10 + EXCLUDED.d10, d11 = x.d11 + EXCLUDED.d11, d12 = x.d12 + EXCLUDED.d12,
               d13 = x.d13 + EXCLUDED.d13, d14 = x.d14 + EXCLUDED.d14, d15 = x.d15 + EXCLUDED.d15,
               l0 = x.l0 + EXCLUDED.l0, l1 = x.l1 + EXCLUDED.l1, l2 = x.l2 + EXCLUDED.l2, l3 = x.l3 + EXCLUDED.l3,
               l4 = x.l4 + EXCLUDED.l4, l5 = x.l5 + EXCLUDED.l5, l6 = x.l6 + EXCLUDED.l6, l7 = x.l7 + EXCLUDED.l7,
               l8 = x.l8 + EXCLUDED.l8, l9 = x.l9 + EXCLUDED.l9, l10 = x.l10 + EXCLUDED.l10,
               l11 = x.l11 + EXCLUDED.l11, l12 = x.l12 + EXCLUDED.l12, l13 = x.l13 + EXCLUDED.l13,
               l14 = x.l14 + EXCLUDED.l14, l15 = x.l15 + EXCLUDED.l15, e0 = x.e0 + EXCLUDED.e0,
               e1 = x.e1 + EXCLUDED.e1, e2 = x.e2 + EXCLUDED.e2, e3 = x.e3 + EXCLUDED.e3, e4 = x.e4 + EXCLUDED.e4,
               e5 = x.e5 + EXCLUDED.e5, e6 = x.e6 + EXCLUDED.e6, e7 = x.e7 + EXCLUDED.e7, e8 = x.e8 + EXCLUDED.e8,
               e9 = x.e9 + EXCLUDED.e9, e10 = x.e10 + EXCLUDED.e10, e11 = x.e11 + EXCLUDED.e11,
               e12 = x.e12 + EXCLUDED.e12, e13 = x.e13 + EXCLUDED.e13, e14 = x.e14 + EXCLUDED.e14,
               e15 = x.e15 + EXCLUDED.e15
        """

    public let rows: [DeliveryStatsRow]

    public init(_ rows: [DeliveryStatsRow]) { self.rows = rows }

    public var isOmitted: Bool { rows.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.appendArray(of: rows) { $0.shard }
        parameters.appendArray(of: rows) { $0.webhookID }
        parameters.appendArray(of: rows) { $0.minute }
        parameters.appendArray(of: rows) { $0.tenantID }
        parameters.appendArray(of: rows) { Int32(clamping: $0.counts.succeeded) }
        parameters.appendArray(of: rows) { Int32(clamping: $0.counts.failed) }
        parameters.appendArray(of: rows) { Int32(clamping: $0.counts.debounced) }
        parameters.appendArray(of: rows) { Int32(clamping: $0.counts.discarded) }
        parameters.appendArray(of: rows) { $0.counts.durationMilliseconds }
        for vector in [\DeliveryCounts.durations, \.latencies, \.errors] {
            for index in 0..<16 {
                parameters.appendArray(of: rows) { Int32(clamping: $0.counts[keyPath: vector][index]) }
            }
        }
    }
}
