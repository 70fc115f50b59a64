import Prometheus
import Store
import Webhooks

/// Lanes, workers, tables and the server as metric families.
enum OperationFamilies {
    static func lanes(_ row: SampleLanes.Row) -> [MetricFamily] {
        let lanes = [("paused", row.paused), ("broken", row.broken), ("failing", row.failing)]
        let shards = [("owned", row.ownedShards), ("unowned", Shard.count - row.ownedShards)]
        return [
            MetricFamily(
                "martlet_lanes", .gauge,
                help: "Webhooks whose receiver asked for a pause, whose breaker is open, or that only fail.",
                series: lanes.map { .init(["state": $0.0], .number(Double($0.1))) }),
            MetricFamily(
                "martlet_webhook_alerts", .gauge, help: "Webhooks whose tenants were told that they fail.",
                Double(row.alerts)),
            MetricFamily(
                "martlet_workers", .gauge, help: "Delivery workers that have joined and that none has declared dead.",
                Double(row.workers)),
            MetricFamily(
                "martlet_shards", .gauge, help: "Shards with and without a delivery worker.",
                series: shards.map { .init(["state": $0.0], .number(Double($0.1))) }),
        ]
    }

    static func tables(_ rows: [SampleTables.Row]) -> [MetricFamily] {
        let days = rows.filter { $0.oldestDayAge != nil }
        return [
            family("martlet_table_bytes", "Size with indexes, all days together.", rows) { Double($0.bytes) },
            family("martlet_table_rows", "Rows, as PostgreSQL estimates.", rows) { Double($0.rows) },
            family("martlet_table_dead_rows", "Rows that wait for vacuum, as PostgreSQL estimates.", rows) {
                Double($0.deadRows)
            },
            family("martlet_table_partitions", "Days.", days) { Double($0.partitions) },
            family("martlet_table_stray_rows", "Rows of days that nobody made, as PostgreSQL estimates.", days) {
                Double($0.strayRows)
            },
            family("martlet_table_oldest_day_age_seconds", "Since the oldest day began.", days) {
                $0.oldestDayAge ?? 0
            },
        ]
    }

    private static func family(
        _ name: String, _ help: String, _ rows: [SampleTables.Row], _ value: (SampleTables.Row) -> Double
    ) -> MetricFamily {
        MetricFamily(
            name, .gauge, help: help, series: rows.map { .init(["table": $0.name], .number(value($0))) })
    }

    static func server(_ row: SamplePostgres.Row) -> [MetricFamily] {
        [
            MetricFamily("martlet_postgres_replicas", .gauge, help: "Replicas that stream.", Double(row.replicas)),
            optional(
                "martlet_postgres_replication_lag_bytes", "What the slowest replica has not replayed.",
                row.replicationLag),
            optional("martlet_postgres_slot_lag_bytes", "What is kept for the slowest replication slot.", row.slotLag),
            optional(
                "martlet_postgres_xmin_age_transactions",
                "Transactions since the oldest snapshot in use: vacuum removes nothing that is younger.", row.xminAge),
            optional(
                "martlet_postgres_frozen_age_transactions",
                "Transactions since the oldest that is not frozen: PostgreSQL stops at two thousand million.",
                row.frozenAge),
            optional(
                "martlet_postgres_oldest_transaction_seconds", "How long the oldest transaction is open.",
                row.oldestTransaction),
        ]
    }

    /// No series where the server does not tell.
    private static func optional(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
        MetricFamily(name, .gauge, help: help, series: value.map { [.init([], .number($0))] } ?? [])
    }

    /// Names of their own, so that a sum over all counts nothing twice.
    static func tenants(_ rows: [SampleTenants.Row]) -> [MetricFamily] {
        let counts = rows.flatMap { row in
            [(Outcome.succeeded, row.succeeded), (.failed, row.failed)].map { outcome, count in
                MetricFamily.Series(
                    Labels([("tenant", row.identifier), ("outcome", outcome.name), ("window", "5m")]),
                    .number(Double(count)))
            }
        }
        return [
            MetricFamily(
                "martlet_tenant_invocations", .gauge,
                help: "Invocations of the last minutes, of the busiest tenants and of those with most failures.",
                series: counts),
            MetricFamily(
                "martlet_tenant_success_ratio", .gauge,
                help: "Share of succeeded invocations, of the busiest tenants and of those with most failures.",
                series: rows.compactMap { row in
                    CountedTime.ratio(row.succeeded, row.failed).map {
                        .init(Labels([("tenant", row.identifier), ("window", "5m")]), .number($0))
                    }
                }),
        ]
    }
}
