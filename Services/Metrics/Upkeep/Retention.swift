import Hosting
import Logging
import Postgres
import Store
import Webhooks

/// Lets old days go. Each step may be repeated and may be the last one: what was not done is done at the next pass.
///
/// A class, so that its methods take it as one word (see ARCHITECTURE.md).
final class Retention: Sendable {
    /// Webhooks, and invocations to be unpacked, a statement.
    static let batch = 200
    /// Rows of small tables a statement.
    static let purged = 10_000
    /// How often a day is tried to be dropped in one pass, while others hold its locks.
    static let attempts = 4
    /// While it waits for a lock, for a tenth of a second, writers wait behind it: they have most of the time.
    static let pause = Duration.seconds(2)

    let pool: PostgresPool
    let rules: RetentionRules
    let logger: Logger

    init(pool: PostgresPool, rules: RetentionRules, logger: Logger) {
        self.pool = pool
        self.rules = rules
        self.logger = logger
    }

    /// Old days that are there still: locked all the time, or needed.
    struct HeldBack: Error {
        let tables: Set<Partition.Table>
    }

    /// One pass. Throws ``HeldBack`` at its end, when all else is done.
    /// - Parameter rolledUntil: days of counters before it are rolled up.
    func pass(rolledUntil: Instant) async throws {
        for table in Partition.Table.allCases { _ = try await pool.execute(MovePartitionStrays(of: table)) }
        var heldBack: Set<Partition.Table> = []
        var hasTrimmed = false
        for partition in rules.old(try await pool.execute(FindPartitions())) {
            try Task.checkCancellation()
            guard !heldBack.contains(partition.table) else { continue }
            switch partition.table {
            case .invocations: try await keep(partition)
            case .events:
                // Asked twice: what is made of its last deliveries while the history is unpacked is packed with it too.
                var isOwed = try await isNeeded(partition)
                if !isOwed {
                    try await unpack(before: partition.end)
                    isOwed = try await isNeeded(partition)
                }
                if isOwed {
                    heldBack.insert(.events)
                    logger.warning("Events past retention are still owed", metadata: ["partition": "\(partition.name)"])
                    continue
                }
            case .eventKeys: break
            case .deliveryStats:
                guard partition.end <= rolledUntil else { continue }
                try await RollUps(pool: pool).rollUp(partition)
            }
            guard try await drop(partition) else {
                heldBack.insert(partition.table)
                continue
            }
            logger.info("Partition dropped", metadata: ["partition": "\(partition.name)"])
            hasTrimmed = hasTrimmed || partition.table == .invocations
        }
        if hasTrimmed { try await trim() }
        try await purge()
        guard heldBack.isEmpty else { throw HeldBack(tables: heldBack) }
    }

    /// Copies the last invocations of each webhook that has some on this day.
    private func keep(_ day: Partition) async throws(PostgresError) {
        var place = Webhook.ID(ULID(0))
        while let last = try await pool.execute(KeepInvocations(of: day, after: place, limit: Self.batch)).first {
            place = last
        }
    }

    private func trim() async throws(PostgresError) {
        var place = Webhook.ID(ULID(0))
        while let last = try await pool.execute(TrimKeptInvocations(after: place, limit: Self.batch)).first {
            place = last
        }
    }

    /// Requests that are packed with events which are about to go are written so that they stand for themselves.
    private func unpack(before instant: Instant) async throws(PostgresError) {
        for shard in Shard.all {
            var isDone = false
            while !isDone {
                let rows = try await pool.execute(
                    FindPackedInvocations(in: shard, before: instant, limit: Self.batch))
                let unpacked = rows.filter(\.isUnpacked)
                _ = try await pool.execute(UnpackInvocations(unpacked))
                isDone = unpacked.isEmpty  // what cannot be read is left as it is
            }
        }
    }

    private func isNeeded(_ day: Partition) async throws(PostgresError) -> Bool {
        for shard in Shard.all {
            let answer = try await pool.execute(AreEventsNeeded(in: shard, before: day.end))
            if answer.first ?? true { return true }
        }
        return false
    }

    /// False: others hold its locks all the time; the next pass tries again.
    private func drop(_ partition: Partition) async throws -> Bool {
        var attempts = 0
        for await _ in Ticker(every: Self.pause) {
            if try await isDropped(partition) { return true }
            attempts += 1
            if attempts == Self.attempts { break }
        }
        try Task.checkCancellation()
        logger.warning("Partition not dropped: its locks are held", metadata: ["partition": "\(partition.name)"])
        return false
    }

    private func isDropped(_ partition: Partition) async throws(PostgresError) -> Bool {
        do {
            _ = try await pool.execute(DropPartition(partition))
            return true
        } catch .server(.lockNotAvailable, _) {
            return false
        }
    }

    private func purge() async throws(PostgresError) {
        var count = Self.purged
        while count == Self.purged {
            count =
                try await pool.execute(PurgeCancelledDeliveries(olderThan: rules.days, limit: Self.purged)).first ?? 0
        }
        repeat {
            count = try await pool.execute(PurgeRollUps(olderThan: rules.statsDays, limit: Self.purged)).first ?? 0
        } while count >= Self.purged
    }
}

extension Partition {
    /// As logs show it: the table and the day.
    var name: String { "\(table.rawValue) \(day.rfc3339.prefix(10))" }
}
