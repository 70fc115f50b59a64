import Hosting
import Logging
import Prometheus
import TestSupport
import Testing

@testable import MetricsService

@Suite struct CanaryTests {
    private static func host(_ more: [String: String]) -> HostContext {
        HostContext(
            name: "metrics", settings: Settings(environment: more),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private static func settings(_ url: String) -> [String: String] {
        [
            "MARTLET_CANARY": "true", "MARTLET_CANARY_API_URL": url, "MARTLET_CANARY_INGEST_URL": url + "/",
            "MARTLET_CANARY_RECEIVER_URL": "http://metrics:8083",
            "MARTLET_JWT_SECRET": "a secret of at least thirty-two bytes",
        ]
    }

    @Test func anEventThatIsNotHeardIsLostOnce() {
        let start = ContinuousClock.now
        var flights = CanaryFlights()
        flights.begin("a", at: start)
        flights.begin("b", at: start)
        #expect(flights.end("a", at: start + .seconds(2)) == .seconds(2))
        #expect(flights.end("a", at: start + .seconds(3)) == nil)
        #expect(flights.takeLost(at: start + .seconds(59)) == 0)
        #expect(flights.takeLost(at: start + .seconds(60)) == 1)
        #expect(flights.takeLost(at: start + .seconds(60)) == 0)
        #expect(flights.end("b", at: start + .seconds(61)) == nil)
    }

    @Test func itMakesItsWebhookAndHearsItsEvent() async throws {
        let stack = try TestReceiver { request in
            switch (request.method, request.target) {
            case ("POST", "/admin/tenants"): .status(409)
            case ("GET", _):
                ReceiverAnswer(
                    body: #"{"data":[{"id":"wbh_1","url":"http://metrics:8083/canary","status":"disabled"},"#
                        + #"{"id":"wbh_2","url":"http://standby:8083/canary","status":"active"}]}"#)
            case ("DELETE", _): .status(204)
            case ("POST", "/company/webhooks"): .status(201)
            default: .status(202)
            }
        }
        let host = Self.host(Self.settings(stack.url("")))
        let canary = try Canary(try #require(try CanaryConfiguration(host.settings)), in: host)
        try await canary.prepare()
        try await canary.sing()
        #expect(
            stack.requests.map { "\($0.method) \($0.target)" } == [
                "POST /admin/tenants", "GET /company/webhooks?limit=100", "DELETE /company/webhooks/wbh_1",
                "POST /company/webhooks", "POST /company/events",
            ])
        #expect(stack.requests[3].bodyText.contains(#""url":"http://metrics:8083/canary""#))
        #expect(stack.requests[4].header("x-tenant-id") == Canary.tenant)
        for _ in 1...2 { canary.heard(stack.requests[4].body) }
        canary.heard(Array("no JSON".utf8))
        let text = String(decoding: await host.metrics.exposition(), as: UTF8.self)
        #expect(text.contains("martlet_canary_events_total{outcome=\"delivered\"} 1\n"))
        #expect(text.contains("martlet_canary_latency_seconds_count 1\n"))
    }

    @Test func aRefusalIsAnError() async throws {
        let stack = try TestReceiver(answers: .status(503))
        let host = Self.host(Self.settings(stack.url("")))
        let canary = try Canary(try #require(try CanaryConfiguration(host.settings)), in: host)
        await #expect(throws: Canary.Refused.self) { try await canary.prepare() }
        await #expect(throws: Canary.Refused.self) { try await canary.sing() }
    }

    @Test func itIsOffUnlessToldOtherwise() throws {
        #expect(try CanaryConfiguration(Settings(environment: [:])) == nil)
        var settings = Self.settings("http://a")
        settings["MARTLET_CANARY_INGEST_URL"] = nil
        let error = #expect(throws: SettingError.self) {
            _ = try CanaryConfiguration(Settings(environment: settings))
        }
        #expect(error?.name == "MARTLET_CANARY_INGEST_URL")
    }
}
