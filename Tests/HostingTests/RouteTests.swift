import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Prometheus
import Testing

@testable import Hosting

@Suite struct RouteTests {
    struct Lost: Error {}
    struct Surprise: Error, CustomStringConvertible { let description = "SELECT secret FROM stack" }

    /// A service with a few routes; what it logs goes nowhere.
    static func context() -> HostContext {
        let context = HostContext(name: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        context.router.get("things/:id") { _, request in request.parameters.get("id") ?? "" }
        context.router.patch("things/{id}") { _, _ in Response.noContent() }
        context.router.get("things/none") { _, _ -> Response in throw Problem.notFound() }
        context.router.get("lost") { _, _ -> Response in throw Lost() }
        context.router.get("surprise") { _, _ -> Response in throw Surprise() }
        context.router.get("old") { _, _ -> Response in throw HTTPError(.gone, message: "Long ago.") }
        context.router.get("id") { _, request in request.requestID }
        context.router.post("faults") { _, _ -> Response in
            throw Problem.invalid([
                .init(field: "events[0]", code: "unknown_event", detail: "Did you mean \"order-created\"?"),
                .init(field: "url", code: "required", detail: "Missing."),
            ])
        }
        context.problems.translate { $0 is Lost ? .unavailable(retryAfter: 2) : nil }
        return context
    }

    @Test("A path whose parameter is a secret is logged as its pattern, whatever the method and what follows")
    func secretPaths() {
        let table = RouteTable()
        let router = Router(context: HostRequestContext.self)
        router.get("inspect/:secretName") { _, _ in "" }
        router.get("things/:id") { _, _ in "" }
        table.fill(from: router)
        for path in ["/inspect/abc", "/inspect/abc/", "/inspect/abc/more"] {
            #expect(table.loggable(path) == "/inspect/{secretName}")
        }
        for path in ["/things/abc", "/inspect", "/", "/other/inspect/abc"] { #expect(table.loggable(path) == path) }
    }

    private func answer(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], context: HostContext = context()
    ) async throws -> (status: Int, headers: HTTPFields, text: String) {
        try await context.application().test(.router) { client in
            let answer = try await client.execute(uri: path, method: method, headers: headers)
            return (answer.status.code, answer.headers, String(buffer: answer.body))
        }
    }

    @Test(
        "Each way to go wrong has its problem",
        arguments: [
            ("GET", "/nowhere", 404, "no_such_path"), ("GET", "/things/a/b", 404, "no_such_path"),
            ("POST", "/things/a", 405, "method_not_allowed"), ("DELETE", "/livez", 405, "method_not_allowed"),
            ("BREW", "/things/a", 405, "method_not_allowed"), ("GET", "/things/none", 404, "not_found"),
            ("GET", "/lost", 503, "unavailable"), ("GET", "/surprise", 500, "internal_error"),
            ("GET", "/old", 410, "gone"),
            ("POST", "/faults", 422, "invalid"),
        ])
    func problems(method: String, path: String, status: Int, code: String) async throws {
        let answer = try await answer(try #require(HTTPRequest.Method(rawValue: method)), path)
        #expect(answer.status == status)
        #expect(answer.headers[.contentType] == "application/problem+json")
        let body = try #require(try JSONSerialization.jsonObject(with: Data(answer.text.utf8)) as? [String: Any])
        #expect(body["code"] as? String == code)
        #expect(body["type"] as? String == "urn:martlet:problem:" + code)
        #expect(body["status"] as? Int == status)
        #expect((body["title"] as? String)?.isEmpty == false && (body["detail"] as? String)?.isEmpty == false)
        #expect(body["requestId"] as? String == answer.headers[.xRequestID])
        #expect(!answer.text.contains("SELECT") && !answer.text.contains("Surprise"))
    }

    @Test func headersSayWhatToDo() async throws {
        #expect(try await answer(.post, "/things/a").headers[.allow] == "GET, HEAD, PATCH")
        #expect(try await answer(.get, "/lost").headers[.retryAfter] == "2")
    }

    @Test func allFaultsAreTold() async throws {
        let text = try await answer(.post, "/faults").text
        #expect(
            text.contains(
                #""errors":[{"field":"events[0]","code":"unknown_event","detail":"Did you mean \"order-created\"?"},"#
                    + #"{"field":"url","code":"required","detail":"Missing."}]"#))
    }

    @Test(
        "A sane id of the client is kept, any other replaced",
        arguments: [
            ("abc-123_:/+=@.Z", true), (String(repeating: "a", count: 128), true),
            (String(repeating: "a", count: 129), false),
            ("", false), ("a b", false), ("a\"b", false), ("é", false), ("<script>", false),
        ])
    func requestIDs(id: String, isKept: Bool) async throws {
        let answer = try await answer(.get, "/id", headers: [.xRequestID: id])
        #expect(answer.headers[.xRequestID] == answer.text)
        #expect(isKept ? answer.text == id : answer.text.wholeMatch(of: /[0-9a-f]{32}/) != nil)
    }

    @Test func HEADHasNoBody() async throws {
        for path in ["/id", "/nowhere", "/livez"] {
            let answer = try await answer(.head, path)
            #expect(answer.text.isEmpty && answer.headers[.xRequestID] != nil)
            #expect(answer.status == (path == "/nowhere" ? 404 : 200))
        }
    }

    @Test func readinessNamesWhatFailed() async throws {
        let context = Self.context()
        #expect(try await answer(.get, "/livez", context: context).status == 200)
        #expect(try await answer(.get, "/readyz", context: context).text == #"{"status":"ready","checks":{}}"#)
        context.health.require("beat") { true }
        context.health.require("database") { throw Lost() }
        context.health.require("queue") { false }
        let answer = try await answer(.get, "/readyz", context: context)
        #expect(answer.status == 503)
        #expect(answer.text == #"{"status":"unready","checks":{"beat":"ok","database":"failed","queue":"failed"}}"#)
    }

    @Test func aHangingCheckFails() async {
        let health = Health(patience: .milliseconds(20))
        health.require("hangs") {
            try await ContinuousClock().sleep(for: .seconds(600))
            return true
        }
        #expect(await health.findings() == [Health.Finding(name: "hangs", isReady: false)])
    }

    @Test func requestsAreMeasuredByRoute() async throws {
        let context = Self.context()
        _ = try await answer(.get, "/things/1", context: context)
        _ = try await answer(.get, "/things/2", context: context)
        _ = try await answer(HTTPRequest.Method("BREW")!, "/some/secret/path", context: context)
        let scrape = try await answer(.get, "/metrics", context: context)
        #expect(scrape.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(
            scrape.text.contains(
                #"martlet_http_request_duration_seconds_count{route="/things/{id}",method="GET",status="200"} 2"#))
        #expect(
            scrape.text.contains(
                #"martlet_http_request_duration_seconds_count{route="NotFound",method="other",status="404"} 1"#))
        #expect(!scrape.text.contains("secret"))
        #expect(scrape.text.contains("process_resident_memory_bytes"))
    }
}
