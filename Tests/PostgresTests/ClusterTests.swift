import Logging
import Synchronization
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(2))) struct ClusterTests {
    private struct Encryption: Statement {
        static let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Bool { try row.column(0) }
    }

    @Test func theURLDecidesAboutTLS() async throws {
        try await withCluster { cluster in try await checkTLS(of: cluster) }
    }

    private func withCluster(_ body: (Cluster) async throws -> Void) async throws {
        let cluster = try await Cluster()
        do { try await body(cluster) } catch {
            await cluster.remove()
            throw error
        }
        await cluster.remove()
    }

    private func checkTLS(of cluster: Cluster) async throws {
        func isEncrypted(_ query: String, host: String = "127.0.0.1") async throws -> Bool? {
            let configuration = try PostgresConfiguration(
                url: cluster.url(query, host: host), applicationName: "tls")
            let connection = try await PostgresConnection.connect(configuration, on: Database.reactor)
            let rows = try await connection.execute(Encryption())
            await connection.close()
            return rows.first
        }
        let trusted = "&sslrootcert=\(cluster.folder)/server.crt"
        #expect(try await isEncrypted("&sslmode=disable") == false)
        #expect(try await isEncrypted("&sslmode=require") == true)
        #expect(try await isEncrypted("&sslmode=verify-full" + trusted) == true)
        #expect(try await isEncrypted("&sslmode=verify-full" + trusted, host: "localhost") == true)
        let error = try await Database.failure {
            _ = try await isEncrypted("&sslmode=verify-full&sslrootcert=/nowhere/ca.crt")
        }
        guard case .connection(let reason) = error else { Issue.record("\(error)"); return }
        #expect(reason.contains("root certificate"))
    }

    /// Keeps what is logged.
    private struct Record: LogHandler {
        final class Lines: Sendable { let lines = Mutex<[String]>([]) }
        let kept: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.notice
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { kept.lines.withLock { $0.append("\(event.level) \(event.message)") } }
    }

    @Test func aPoolOutlivesARestartOfTheServer() async throws {
        try await withCluster { cluster in try await checkRestart(of: cluster) }
    }

    private func checkRestart(of cluster: Cluster) async throws {
        let kept = Record.Lines()
        var configuration = try PostgresConfiguration(url: cluster.url("&sslmode=disable"), applicationName: "restart")
        configuration.waitLimit = .milliseconds(500)
        let pool = PostgresPool(
            configuration, on: Database.reactor, logger: Logger(label: "pool") { _ in Record(kept: kept) })
        try await Database.eventually { pool.isReachable }
        var notifications = try await pool.listen(to: "restart").makeAsyncIterator()
        let observer = try await PostgresConnection.connect(
            PostgresConfiguration(url: cluster.url("&sslmode=disable"), applicationName: "observer"),
            on: Database.reactor)
        async let sleeping = Database.failure { _ = try await pool.execute(Sleep(seconds: 4)) }
        try await Database.eventually {
            try await observer.execute(CountSessions(application: "restart")).first?.active == 1
        }
        try await cluster.stop()
        #expect(try await sleeping.isUncertain)
        await #expect(throws: PostgresError.self) { _ = try await notifications.next() }
        try await Database.eventually { !pool.isReachable }
        let error = try await Database.failure { try await pool.check() }
        #expect(error.isRetryable && !error.isUncertain)
        try await cluster.start()
        try await Database.eventually { pool.isReachable }
        #expect(try await pool.execute(Add(left: 1, right: 1)) == [2])
        await pool.close()
        #expect(kept.lines.withLock { $0 } == ["warning Database lost", "notice Database regained"])
    }
}
