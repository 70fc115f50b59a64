import Curl
import Foundation
import TestSupport
import Testing

/// What a receiver sees of a request.
@Suite struct SendingTests {
    let receiver: TestReceiver
    let engine: HTTPEngine

    init() throws {
        receiver = try TestReceiver()
        engine = try .onLoopback()
    }

    @Test func linesAsGivenAndNoneAdded() async throws {
        let headers = [
            ("content-type", "application/json"), ("AUTH_TOKEN", "a: b;  c"), ("X-Empty", ""), ("X-Blank", " \t"),
            ("x-two", "1"), ("X-Two", "2"), ("x-utf8", "Bård"), ("x-tab", "a\tb"),
        ]
        let request = OutboundRequest(method: "POST", url: receiver.url(), headers: headers, body: Array("{}".utf8))
        #expect(await engine.send(request).response?.status == 200)
        let lines = try await receiver.waitForRequests(1)[0].headerLines
        #expect(
            lines == [
                "Host: 127.0.0.1:\(receiver.port)", "content-type: application/json", "AUTH_TOKEN: a: b;  c",
                "X-Empty:", "X-Blank:", "x-two: 1", "X-Two: 2", "x-utf8: Bård", "x-tab: a\tb", "Content-Length: 2",
            ])
    }

    /// On one handle in turn, so that nothing of a request stays for the next.
    @Test func everyMethodWithAndWithoutBody() async throws {
        let bodies: [[UInt8]?] = [nil, [], [0, 255, 13, 10, 0]]
        let cases = bodies.flatMap { body in
            ["POST", "GET", "DELETE", "PUT", "GET", "PATCH", "POST"].map { ($0, body) }
        }
        for (method, body) in cases + cases.reversed() {
            let request = OutboundRequest(method: method, url: receiver.url("/hook"), body: body)
            #expect(await engine.send(request).response?.status == 200)
            let seen = try #require(receiver.requests.last)
            let isBodyUsual = ["POST", "PUT", "PATCH"].contains(method)
            #expect((seen.method, seen.target) == (method, "/hook"))
            #expect(seen.body == body ?? [])
            #expect(seen.values(of: "content-length") == (isBodyUsual || body != nil ? ["\(body?.count ?? 0)"] : []))
            #expect(seen.headerLines.count == 1 + seen.values(of: "content-length").count, "\(seen.headerLines)")
        }
        #expect(receiver.requests.count == 2 * cases.count)
        #expect(receiver.connectionCount == 1)
    }

    @Test(arguments: [
        "/", "/a/../b", "/a/./b//c/", "/%2e%2E/%c3%a5%C3%A5", "/a%20b+c", "/?", "/?a=b&a=b&&=", "/a?b?c=/../d",
        "/;x=1,2:3@4!$'()*", "/a[0]{1}|\\^`\"<>", "/?q=[1]{2}|\\^`\"<>", "/~user/%7Euser",
        "/" + String(repeating: "x", count: 8000),
    ])
    func targetByteForByte(target: String) async throws {
        #expect(await engine.send(.get(receiver.url(target))).response?.status == 200)
        #expect(receiver.requests.map(\.target) == [target])
    }

    @Test func queryWithoutPath() async throws {
        #expect(await engine.send(.get("http://127.0.0.1:\(receiver.port)?a=b")).response?.status == 200)
        #expect(receiver.requests.map(\.target) == ["/?a=b"])
    }

    @Test func largeBodyAtOnceAndWhole() async throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var request = OutboundRequest(method: "POST", url: receiver.url(), body: body)
        request.timeout = .seconds(30)
        #expect(await engine.send(request).response?.status == 200)
        let seen = try #require(receiver.requests.first)
        #expect(seen.body == body)
        #expect(seen.header("content-length") == "3000000")
        #expect(seen.header("expect") == nil && seen.header("transfer-encoding") == nil)
    }

    @Test(
        "What must not be sent is not",
        arguments: [
            OutboundRequest(method: "TRACE", url: "/"), OutboundRequest(method: "post", url: "/"),
            OutboundRequest(method: "GET /\r\n", url: "/"), OutboundRequest(method: "", url: "/"),
            OutboundRequest(method: "POST", url: "/a b"), OutboundRequest(method: "POST", url: "/a\r\nx: y"),
            OutboundRequest(method: "POST", url: "/\0"), OutboundRequest(method: "POST", url: "/\t"),
            OutboundRequest(method: "POST", url: "/\u{7F}"), OutboundRequest(method: "POST", url: "/#fragment"),
            OutboundRequest(method: "POST", url: "/", headers: [("a", "b\r\nc: d")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a", "b\nc")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a", "b\rc")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a", "b\0c")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a", "\u{1B}")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a: b\r\nc", "d")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a:", "d")]),
            OutboundRequest(method: "POST", url: "/", headers: [("a b", "d")]),
            OutboundRequest(method: "POST", url: "/", headers: [("å", "d")]),
            OutboundRequest(method: "POST", url: "/", headers: [("", "d")]),
            OutboundRequest(method: "POST", url: "/", headers: [("Content-Length", "0")]),
            OutboundRequest(method: "POST", url: "/", headers: [("Transfer-Encoding", "chunked")]),
            OutboundRequest(method: "POST", url: "/", headers: [("HOST", "a.example")]),
            OutboundRequest(method: "POST", url: "/", headers: [("Expect", "100-continue")]),
        ])
    func invalid(request: OutboundRequest) async throws {
        var request = request
        request.url = receiver.url(request.url)
        guard case .invalid(let reason) = await engine.send(request).failure else {
            Issue.record("sent: \(receiver.requests)")
            return
        }
        #expect(!reason.contains("chunked") && !reason.contains("a.example"))  // no values: they may be secrets
        #expect(receiver.connectionCount == 0)
    }

    @Test(arguments: [
        "", "/", "127.0.0.1", "//127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
        "http:/127.0.0.1", "http://", "http:///a", "http://?a", "https://u:p@127.0.0.1/", "http://@127.0.0.1/",
        "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://[::1/", "http://a b/", "javascript:alert(1)",
    ])
    func invalidURL(url: String) async throws {
        guard case .invalid = await engine.send(.get(url)).failure else {
            Issue.record("\(url) was taken")
            return
        }
    }
}
