import Postgres
import Store
import Webhooks

/// Rolls minutes up into hours and days, an hour ten minutes after its end. A pass that was broken off at any place
/// begins its hour again and comes to the same rows.
///
/// A day is rolled up as a whole an hour after its end, and once more when its minutes go: what was recorded late is in
/// it then.
final class RollUps: Sendable {
    private static let hour = Duration.seconds(3600)
    /// After an hour's end: its last minutes may still grow.
    static let hourDelay = CountedTime.openFor
    /// After a day's end.
    static let dayDelay = Duration.seconds(3600)
    /// Shards of an hour in one statement; of a day it is one.
    static let slice = 16

    let pool: PostgresPool

    init(pool: PostgresPool) { self.pool = pool }

    /// One pass. Days before the instant that it returns are rolled up as a whole.
    func pass(at now: Instant) async throws -> Instant {
        guard let horizons = try await pool.execute(FindHorizons()).first else { return .distantPast }
        var (hoursUntil, daysUntil) = (horizons.hoursUntil, horizons.daysUntil)
        let days = try await pool.execute(FindPartitions()).map(\.partition)
            .filter { $0.table == .deliveryStats && $0.day >= daysUntil }
        for day in days.sorted(by: { $0.day < $1.day }) {
            if day.end <= now - Self.dayDelay {
                try await rollUp(day)
                (hoursUntil, daysUntil) = (day.end, day.end)
                _ = try await pool.execute(SaveHorizons(hoursUntil: hoursUntil, daysUntil: daysUntil))
            }
            for hour in day.hours where hour >= hoursUntil && hour + Self.hour <= now - Self.hourDelay {
                try await rollUp(hour)
                hoursUntil = hour + Self.hour
                _ = try await pool.execute(SaveHorizons(hoursUntil: hoursUntil, daysUntil: daysUntil))
            }
        }
        return daysUntil
    }

    private func rollUp(_ hour: Instant) async throws {
        for start in stride(from: 0, to: Shard.all.count, by: Self.slice) {
            try Task.checkCancellation()
            let shards = Array(Shard.all[start..<min(start + Self.slice, Shard.all.count)])
            _ = try await pool.execute(RollUpStats(since: hour, until: hour + Self.hour, of: shards))
        }
    }

    /// A day as a whole.
    func rollUp(_ day: Partition) async throws {
        for shard in Shard.all {
            try Task.checkCancellation()
            _ = try await pool.execute(RollUpStats(day, of: [shard]))
        }
    }
}

extension Partition {
    /// The first instants of its hours.
    fileprivate var hours: [Instant] { (0..<24).map { day + .seconds(3600 * $0) } }
}
