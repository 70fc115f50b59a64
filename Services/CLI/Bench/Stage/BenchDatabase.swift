import Epoll
import Postgres
import Store
import Webhooks

/// The database of a measured stack, as its owner sees it.
struct BenchDatabase: Sendable {
    private let session: PostgresConnection
    private let reactor: Reactor

    static func connect(_ url: String) async throws -> BenchDatabase {
        var configuration = try PostgresConfiguration(
            url: url, applicationName: "martlet-bench", maximumSessions: 1,
            sessionSettings: ["search_path": "martlet", "statement_timeout": "0", "jit": "off", "work_mem": "128MB"])
        configuration.answerLimit = nil  // filling a table takes minutes
        let reactor = Reactor()
        return BenchDatabase(session: try await .connect(configuration, on: reactor), reactor: reactor)
    }

    func close() async {
        await session.close()
        reactor.stop()
    }

    /// Makes `pg_stat_statements` answer, where the server has loaded it.
    func countStatements() async {
        try? await session.run(script: "CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public")
    }

    /// Bytes of write-ahead log so far, and at the last checkpoint.
    func walPosition() async throws -> (now: Int64, checkpoint: Int64) {
        guard let row = try await session.execute(ReadWALPosition()).first else { throw CommandFailure("no WAL") }
        return (row.now, row.checkpoint)
    }

    func statements() async throws -> Int64 {
        guard let count = try await session.execute(CountStatements()).first else { throw CommandFailure("no count") }
        return count
    }

    func checkpoint() async throws { try await session.run(script: "CHECKPOINT") }

    /// Deliveries that `tenants` are owed.
    func pending(of tenants: [BenchTenant]) async throws -> Int {
        try await session.execute(CountPendingDeliveries(tenants: tenants.map(\.identifier))).first ?? 0
    }

    /// What became of all events of `tenants`, once nothing is owed to them or `patience` is at its end.
    func fate(of tenants: [BenchTenant], patience: Duration = .seconds(15)) async throws -> EventFate {
        _ = try await Deadline.wait(for: patience) {
            _ = try await Deadline.wait(for: .milliseconds(200)) { false }
            return try await pending(of: tenants) == 0
        }
        guard let fate = try await session.execute(CountEventFates(tenants: tenants.map(\.identifier))).first else {
            throw CommandFailure("no fate")
        }
        return fate
    }

    /// From each event's acceptance to the start of its first request, in milliseconds.
    func latencies(of tenants: [BenchTenant]) async throws -> [Double] {
        try await session.execute(FindDeliveryLatencies(tenants: tenants.map(\.identifier)))
    }

    /// Events that are neither settled nor owed.
    func missing(of events: [Event.ID]) async throws -> [Event.ID] {
        try await session.execute(FindMissingEvents(events: events))
    }

    /// Owes `perTenant` events of each tenant to all of its webhooks. While nobody delivers.
    func fill(_ tenants: [BenchTenant], perTenant: Int, payload: SamplePayload) async throws {
        let names = tenants.map(\.identifier)
        let data = StoredPayload.encode(Array(payload.data.utf8))
        _ = try await session.execute(FillEvents(tenants: names, perTenant: perTenant, data: data))
        _ = try await session.execute(FillDeliveries(tenants: names))
        try await session.run(script: "VACUUM (ANALYZE) martlet.deliveries")
        try await checkpoint()
    }

    /// Gives a tenant webhooks, and events and invocations of the last week. While nobody delivers.
    func fillListed(_ tenant: BenchTenant, webhooks: Int, rows: Int, part: Int) async throws {
        for parent in ["events", "invocations"] {
            try await session.run(
                script: "SELECT martlet.ensure_partition('\(parent)', current_date - n) FROM generate_series(1, 8) n")
        }
        let name = tenant.identifier
        _ = try await session.execute(FillListedWebhooks(tenant: name, count: webhooks))
        for start in stride(from: 1, through: rows, by: part) {
            let range = start..<min(start + part, rows + 1)
            _ = try await session.execute(FillListedEvents(tenant: name, range: range, total: rows))
            _ = try await session.execute(FillListedInvocations(tenant: name, range: range, total: rows))
            Terminal.note("listing: \(range.upperBound - 1) of \(rows) filled in …")
        }
        for table in ["webhooks", "events", "invocations"] {
            try await session.run(script: "VACUUM (ANALYZE) martlet.\(table)")
        }
        try await checkpoint()
    }

    /// Forgets all events and what became of them. While nobody delivers.
    func forget() async throws {
        let tables = ["deliveries", "lane_states", "events", "invocations", "wakes"].map { "martlet." + $0 }
        try await session.run(script: "TRUNCATE " + tables.joined(separator: ", "))
    }
}
