import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import Hosting

@Suite struct BodyTests {
    private func withClient(
        idleSeconds: Int = 20, _ work: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let context = HostContext(name: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        context.router.post("length") { request, _ in "\(try await request.bytes(upTo: 1000).count)" }
        context.router.post("typed") { request, _ in try request.requireContentType("application/json", "a/b+json") }
        context.router.patch("typed") { request, _ in try request.requireContentType("application/json") }
        try await context.application(HTTPSettings(idleSeconds: idleSeconds)).test(.live, work)
    }

    private func connect(_ client: any TestClientProtocol) throws -> RawClient {
        try RawClient(port: try #require(client.port))
    }

    @Test func aBodyIsReadUpToItsLimit() async throws {
        try await withClient { client in
            for (length, status) in [(0, 200), (1000, 200), (1001, 413), (300_000, 413)] {
                let answer = try await client.execute(
                    uri: "/length", method: .post, body: ByteBuffer(repeating: 65, count: length))
                #expect(answer.status.code == status, "\(length)")
                if status == 200 { #expect(String(buffer: answer.body) == "\(length)") }
            }
        }
    }

    @Test func aChunkedBodyIsCountedToo() async throws {
        try await withClient { client in
            let raw = try connect(client)
            defer { raw.close() }
            try await raw.send("POST /length HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "190\r\n" + String(repeating: "A", count: 400) + "\r\n"
            try await raw.send(chunk + chunk + chunk)
            let answer = try await raw.read(until: "}")
            #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("too_large"))
            #expect(answer.lowercased().contains("connection: close"))
        }
    }

    @Test(
        "A body that breaks off or is no HTTP is 400",
        arguments: [
            "Transfer-Encoding: chunked\r\n\r\n5\r\nab", "Transfer-Encoding: chunked\r\n\r\nZZ\r\nab\r\n0\r\n\r\n",
            "Content-Length: 10\r\n\r\nabc",
        ])
    func brokenBodies(rest: String) async throws {
        try await withClient { client in
            let raw = try connect(client)
            defer { raw.close() }
            try await raw.send("POST /length HTTP/1.1\r\nHost: a\r\n" + rest)
            raw.finish()
            let answer = try await raw.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        }
    }

    @Test(
        "A head that is too large or is no HTTP is refused",
        arguments: [
            "GET /livez HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 40_000) + "\r\n\r\n",
            "GET /livez HTTP/1.1\r\nHost: a\r\n" + (0..<200).map { "X-\($0): y\r\n" }.joined() + "\r\n",
            "\u{0}\u{1}garbage\r\n\r\n",
        ])
    func badHeads(head: String) async throws {
        try await withClient { client in
            let raw = try connect(client)
            defer { raw.close() }
            try await raw.send(head)
            let answer = try await raw.readToEnd()
            #expect(!answer.contains("alive") && (answer.isEmpty || answer.hasPrefix("HTTP/1.1 4")), "\(answer)")
            // The server is well: others are answered.
            #expect(try await client.execute(uri: "/livez", method: .get).status == .ok)
        }
    }

    @Test(
        "Headers of a request: their number, and their bytes together",
        arguments: [(99, 1, true), (100, 1, true), (101, 1, false), (3, 31_000, true), (3, 33_000, false)])
    func headerLimits(count: Int, bytes: Int, isTaken: Bool) async throws {
        try await withClient { client in
            let raw = try connect(client)
            defer { raw.close() }
            let fields = ["Host: a", "Connection: close", "X: " + String(repeating: "x", count: bytes)]
            let lines = ["GET /livez HTTP/1.1"] + fields + (3..<count).map { "X-\($0): y" }
            try await raw.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
            let answer = try await raw.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200 ") == isTaken, "\(answer.prefix(200))")
        }
    }

    @Test(
        "A client that stops in the middle is let go",
        arguments: [
            "", "GET /livez HTT", "POST /length HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        ])
    func stalledClients(beginning: String) async throws {
        try await withClient(idleSeconds: 1) { client in
            let raw = try connect(client)
            defer { raw.close() }
            try await raw.send(beginning)
            // `recv` gives up with an error after 20 s; an end of the stream is the server's doing.
            let answer = try await raw.readToEnd()
            #expect(!answer.contains(" 200 "))
        }
    }

    @Test(
        "Types of bodies",
        arguments: [
            ("application/json", nil, 200), ("Application/JSON; charset=UTF-8", nil, 200), ("a/b+json;x=y", nil, 200),
            ("application/json; charset=latin1", nil, 415), ("text/plain", nil, 415), (nil, nil, 415),
            ("application/jsonp", nil, 415), ("application/json", "gzip", 415), ("application/json", "identity", 200),
        ] as [(String?, String?, Int)])
    func contentTypes(type: String?, encoding: String?, status: Int) async throws {
        try await withClient { client in
            var headers: HTTPFields = [:]
            headers[.contentType] = type
            headers[.contentEncoding] = encoding
            let answer = try await client.execute(uri: "/typed", method: .post, headers: headers)
            #expect(answer.status.code == status)
            if status == 415 { #expect(answer.headers[.accept] == "application/json, a/b+json") }
        }
    }

    @Test func aPatchSaysWhatItTakes() async throws {
        try await withClient { client in
            let answer = try await client.execute(uri: "/typed", method: .patch)
            #expect(answer.status.code == 415 && answer.headers[.acceptPatch] == "application/json")
        }
    }

    @Test func aDripIsCutOff() async throws {
        let (body, source) = RequestBody.makeStream()
        let request = Request(head: HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/"), body: body)
        await source.yield(ByteBuffer(string: "a"))
        let error = await #expect(throws: Problem.self) { try await request.bytes(upTo: 10, within: .zero) }
        #expect(error?.status == .requestTimeout)
        source.finish()
    }
}
