import Curl
import Foundation
import TestSupport
import Testing

/// What comes back of answers that are whole.
@Suite struct AnswerTests {
    let engine: HTTPEngine

    init() throws { engine = try .onLoopback() }

    @Test func headStatusAndBody() async throws {
        let receiver = try TestReceiver(
            answers: ReceiverAnswer(
                status: 503, headers: [("Retry-After", " 120 "), ("X-Many", "1"), ("x-many", "2"), ("X-Empty", "")],
                body: "no"))
        let outcome = await engine.send(OutboundRequest(method: "POST", url: receiver.url(), body: []))
        let response = try #require(outcome.response)
        #expect(response.status == 503)
        #expect(response.headers.map(\.name) == ["content-length", "retry-after", "x-many", "x-many", "x-empty"])
        #expect(response.headers.map { String(decoding: $0.value, as: UTF8.self) } == ["2", "120", "1", "2", ""])
        #expect((response.bodyText, response.isTruncated, response.version) == ("no", false, .http1_1))
        #expect(outcome.remoteAddress == "127.0.0.1")
        #expect(outcome.partial == nil)
    }

    @Test(
        "Whatever bytes a head has, they come as they are",
        arguments: [
            ("HTTP/1.1 200 OK\r\nX-Raw: \u{1}\r\n\r\n", ["x-raw": [1] as [UInt8]]),
            ("HTTP/1.1 200 OK\nX-Bare: a\n\n", ["x-bare": Array("a".utf8)]),
            ("HTTP/1.1 200 OK\r\nX-Fold: a\r\n  b\r\n\r\n", ["x-fold": Array("a b".utf8)]),
            ("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nY: z\r\n\r\n", ["y": Array("z".utf8)]),
            ("HTTP/1.0 200 OK\r\nY: z\r\n\r\n", ["y": Array("z".utf8)]),
        ])
    func rawHead(head: String, expected: [String: [UInt8]]) async throws {
        let receiver = try TestReceiver(answers: .garbage(Array(head.utf8)))
        let response = try #require(await engine.send(.get(receiver.url())).response)
        #expect(response.status == 200)
        #expect(Dictionary(response.headers.map { ($0.name, $0.value) }) { $1 } == expected)
        #expect(response.version == (head.hasPrefix("HTTP/1.0") ? .http1_0 : .http1_1))
    }

    @Test func bytesAboveASCII() async throws {
        let head = Array("HTTP/1.1 200 OK\r\nX-Latin: b".utf8) + [0xE5] + Array("rd\r\nX-\u{E5}: 1\r\n\r\n".utf8)
        let receiver = try TestReceiver(answers: .garbage(head))
        let response = try #require(await engine.send(.get(receiver.url())).response)
        #expect(response.headers.first?.value == [0x62, 0xE5, 0x72, 0x64])
    }

    @Test(arguments: [(0, false), (16 * 1024, false), (16 * 1024 + 1, true), (1024 * 1024, true)])
    func keptPart(length: Int, isTruncated: Bool) async throws {
        let receiver = try TestReceiver(answers: .huge(bytes: length), .huge(bytes: length, isAnnounced: false))
        for _ in 0..<2 {
            let response = try #require(await engine.send(.get(receiver.url())).response)
            #expect(response.body == [UInt8](repeating: UInt8(ascii: "x"), count: min(length, 16 * 1024)))
            #expect(response.isTruncated == isTruncated)
        }
    }

    @Test func connectionsAreKept() async throws {
        let receiver = try TestReceiver()
        for index in 0..<20 {
            let outcome = await engine.send(OutboundRequest(method: "POST", url: receiver.url(), body: [1, 2]))
            #expect(outcome.response?.status == 200)
            #expect((outcome.timings.connect == nil) == (index > 0))
            #expect((outcome.timings.dns == nil) == (index > 0))
            #expect(outcome.timings.tls == nil)
            let (firstByte, total) = (try #require(outcome.timings.firstByte), try #require(outcome.timings.total))
            #expect(firstByte > .zero && firstByte <= total)
            #expect(outcome.remoteAddress == "127.0.0.1")
        }
        #expect(receiver.connectionCount == 1)
    }

    @Test func timingsFollowTheReceiver() async throws {
        let receiver = try TestReceiver(answers: .ok.with { $0.delay = .milliseconds(300) })
        let timings = await engine.send(.get(receiver.url())).timings
        #expect(try #require(timings.firstByte) >= .milliseconds(300))
        #expect(timings.connect != nil)
    }

    @Test func aConnectionClosedMeanwhileIsReplaced() async throws {
        let receiver = try TestReceiver(answers: .ok.with { $0.ending = .closed }, .ok.with { $0.ending = .reset }, .ok)
        for _ in 0..<4 { #expect(await engine.send(.get(receiver.url())).response?.status == 200) }
        #expect(receiver.connectionCount == 3)
        receiver.refuse()
        #expect(await engine.send(.get(receiver.url())).failure == .refused)
        try receiver.resume()
        #expect(await engine.send(.get(receiver.url())).response?.status == 200)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectsAreNotFollowed(status: Int) async throws {
        let other = try TestReceiver()
        let receiver = try TestReceiver(answers: ReceiverAnswer(status: status, headers: [("Location", other.url())]))
        #expect(await engine.send(.get(receiver.url())).response?.status == status)
        #expect((receiver.requests.count, other.connectionCount) == (1, 0))
    }

    @Test func nothingIsRemembered() async throws {
        let headers = [
            ("Set-Cookie", "a=b; Path=/"), ("Alt-Svc", "h2=\":1\""), ("WWW-Authenticate", "Basic realm=x"),
            ("Strict-Transport-Security", "max-age=9999"),
        ]
        let receiver = try TestReceiver(answers: ReceiverAnswer(status: 401, headers: headers))
        for _ in 0..<2 { #expect(await engine.send(.get(receiver.url())).response?.status == 401) }
        #expect(receiver.requests.map(\.headerLines.count) == [1, 1])
    }

    @Test func nothingIsDecompressed() async throws {
        let answer = ReceiverAnswer(headers: [("Content-Encoding", "gzip")], body: "plain")
        let receiver = try TestReceiver(answers: answer)
        #expect(await engine.send(.get(receiver.url())).response?.bodyText == "plain")
    }

    @Test func chunksAreJoinedAndTrailersLeftOut() async throws {
        let raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Trailer: t\r\n\r\n"
        let receiver = try TestReceiver(answers: .garbage(Array(raw.utf8)))
        let response = try #require(await engine.send(.get(receiver.url())).response)
        #expect(response.bodyText == "abc")
        #expect(response.headers.map(\.name) == ["transfer-encoding"])
    }

    @Test func manyAtOnce() async throws {
        let receiver = try TestReceiver { ReceiverAnswer(status: 200 + $0.number % 3, body: $0.target) }
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let outcome = await engine.send(.get(receiver.url("/\(index)")))
                    #expect(outcome.response?.bodyText == "/\(index)")
                }
            }
        }
        #expect(Set(receiver.requests.map(\.target)).count == 300)
    }
}
