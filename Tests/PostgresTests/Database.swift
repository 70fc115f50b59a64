import Epoll
import Foundation
import Logging
import Testing

@testable import Postgres

/// The server that scripts/with-postgres runs for the tests.
enum Database {
    static let reactor = Reactor()
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func configuration(
        application: String = "martlet-tests", settings: [String: String] = [:]
    ) throws -> PostgresConfiguration {
        let url = try #require(
            ProcessInfo.processInfo.environment["MARTLET_DATABASE_URL"], "run by scripts/with-postgres")
        let standard = PostgresConfiguration.standardSettings
        return try PostgresConfiguration(
            url: url, applicationName: application, sessionSettings: standard.merging(settings) { $1 })
    }

    static func connect(application: String = "martlet-tests") async throws -> PostgresConnection {
        try await .connect(configuration(application: application), on: reactor)
    }

    /// A pool for the body, closed after it.
    static func withPool(
        application: String = "martlet-tests", _ change: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: (PostgresPool) async throws -> Void
    ) async throws {
        var configuration = try configuration(application: application)
        change(&configuration)
        let pool = PostgresPool(configuration, on: reactor, logger: logger)
        do { try await body(pool) } catch {
            await pool.close()
            throw error
        }
        await pool.close()
    }

    /// Waits until something is so, at most ten seconds.
    static func eventually(_ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        let deadline = ContinuousClock.now + .seconds(10)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "it never came about", sourceLocation: sourceLocation)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The error that the body throws, where it is one of the driver.
    static func failure(of body: () async throws -> Void) async throws -> PostgresError {
        let error = await #expect(throws: PostgresError.self) { try await body() }
        return try #require(error)
    }
}
