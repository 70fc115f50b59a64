import Postgres
import Store
import Webhooks

/// Rolls up whole days of minutes into hours and a day. A pass that was broken off begins its day again.
///
/// A day is rolled up an hour after its end, and once more when its minutes go: what was recorded late is in it then.
final class RollUps: Sendable {
    /// After a day's end: its last minutes may still grow.
    static let delay = Duration.seconds(3600)

    let pool: PostgresPool

    init(pool: PostgresPool) { self.pool = pool }

    /// One pass. Days before the instant that it returns are rolled up.
    func pass(at now: Instant) async throws -> Instant {
        guard let horizons = try await pool.execute(FindHorizons()).first else { return .distantPast }
        var until = horizons.rolledUntil
        let days = try await pool.execute(FindPartitions()).map(\.partition)
            .filter { $0.table == .deliveryStats && $0.day >= until && $0.end <= now - Self.delay }
        for day in days.sorted(by: { $0.day < $1.day }) {
            for shard in Shard.all {
                try Task.checkCancellation()
                _ = try await pool.execute(RollUpDay(day.day, of: shard))
            }
            _ = try await pool.execute(SaveRolledUntil(day.end))
            until = day.end
        }
        return until
    }
}
