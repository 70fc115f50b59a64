import Curl
import HTTPTypes
import Hosting
import Logging
import Postgres
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Without a database, and without settings")
struct OutageTests {
    @Test("503 with Retry-After while the database is away")
    func away() async throws {
        var configuration = try PostgresConfiguration(
            url: "postgres://martlet_api@127.0.0.1:1/martlet", applicationName: "martlet-test")
        configuration.waitLimit = .milliseconds(200)
        let pool = PostgresPool(
            configuration, on: TestDatabase.reactor, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withAPI(over: pool) { api in
            for path in ["/company/webhooks", "/company/events", "/admin/tenants"] {
                let answer = try await api.send(.get, path)
                #expect(answer.status == 503)
                #expect(answer.headers[.retryAfter] != nil)
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
        }
        await pool.close()
    }

    @Test("A database that goes in mid-flight answers 503, and works again when it is back")
    func midFlight() async throws {
        try await withAPI { api, database in
            _ = try await api.makeWebhook()
            try await database.run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE usename = 'martlet_api' AND datname = current_database()
                """
            )
            var answer = try await api.send(.get, "/company/webhooks")
            let deadline = ContinuousClock.now + .seconds(10)
            while answer.status != 200, ContinuousClock.now < deadline {
                #expect(answer.status == 503)
                answer = try await api.send(.get, "/company/webhooks")
            }
            #expect(try answer.ids.count == 1)
        }
    }

    @Test(
        "Settings that are missing or malformed are named",
        arguments: [
            (["MARTLET_ENCRYPTION_KEYS": testKeys], "MARTLET_DATABASE_URL"),
            (["MARTLET_DATABASE_URL": "postgres://a@b/c"], "MARTLET_ENCRYPTION_KEYS"),
            (
                ["MARTLET_DATABASE_URL": "postgres://a@b/c", "MARTLET_ENCRYPTION_KEYS": "x:abc"],
                "MARTLET_ENCRYPTION_KEYS"
            ),
            (
                [
                    "MARTLET_DATABASE_URL": "postgres://a@b/c", "MARTLET_ENCRYPTION_KEYS": testKeys,
                    "MARTLET_EGRESS_ALLOW": "10.0.0.0/33",
                ],
                "MARTLET_EGRESS_ALLOW"
            ),
        ])
    func settings(environment: [String: String], name: String) {
        let error = #expect(throws: SettingError.self) {
            try APIConfiguration(Settings(environment: environment))
        }
        #expect(error?.name == name)
    }

    @Test("MARTLET_EGRESS_ALLOW lets loopback URLs in")
    func allowed() async throws {
        let configuration = try APIConfiguration(
            Settings(environment: [
                "MARTLET_DATABASE_URL": "postgres://a@b/c", "MARTLET_ENCRYPTION_KEYS": testKeys,
                "MARTLET_EGRESS_ALLOW": "127.0.0.0/8, ::1/128",
            ]))
        try await withAPI(addresses: configuration.egress.addresses) { api, _ in
            for url in ["http://127.0.0.1:9000/hook", "http://localhost:9000/", "http://[::1]:9000/"] {
                _ = try await api.makeWebhook(#""url":"\#(url)""#)
            }
            let refused = try await api.send(.post, "/company/webhooks", TestAPI.body(#""url":"http://10.0.0.1/""#))
            #expect(try refused.faults == ["url forbidden_address"])
        }
    }
}
