import Curl
import Foundation
import TestSupport
import Testing

/// What becomes of requests to receivers that refuse, hang, drip, close early or answer nonsense.
@Suite struct FailureTests {
    let engine: HTTPEngine

    init() throws { engine = try .onLoopback() }

    private func outcome(
        _ answer: ReceiverAnswer, timeout: Duration = .seconds(20)
    ) async throws -> (TransferOutcome, TestReceiver) {
        let receiver = try TestReceiver(answers: answer)
        var request = OutboundRequest(method: "POST", url: receiver.url(), body: [1], timeout: timeout)
        request.connectTimeout = .seconds(20)
        return (await engine.send(request), receiver)
    }

    @Test func refused() async throws {
        let closed = try ClosedPort()
        let outcome = await engine.send(.get("http://127.0.0.1:\(closed.port)/"))
        #expect(outcome.failure == .refused)
        #expect(outcome.remoteAddress == "127.0.0.1")
        #expect(outcome.timings.connect == nil && outcome.timings.firstByte == nil && outcome.timings.total != nil)
    }

    /// `localhost` is `::1` first, which refuses; the next socket may get the number of the one just closed.
    @Test func secondAddress() async throws {
        let receiver = try TestReceiver()
        for _ in 0..<20 {
            let engine = try HTTPEngine.onLoopback()
            let outcome = await engine.send(.get("http://localhost:\(receiver.port)/"))
            #expect(outcome.response?.status == 200)
            #expect(outcome.remoteAddress == "127.0.0.1")
        }
    }

    @Test func unresolved() async throws {
        #expect(await engine.send(.get("http://martlet-test.invalid/")).failure == .unresolved)
    }

    @Test(
        "A connection that ends before the answer is whole",
        arguments: [
            ReceiverAnswer.closeBeforeHead, .reset, .closeAfterHead,
            .ok.with { ($0.body, $0.contentLength, $0.ending) = (Array("short".utf8), 100, .closed) },
            .ok.with { ($0.body, $0.contentLength, $0.ending) = (Array("short".utf8), 100, .reset) },
            .garbage(Array("HTTP/1.1 200 OK\r\ncontent-le".utf8)),
            .garbage(Array("HTTP/1.1 200 OK\r\n".utf8)), .garbage(Array("HTTP/1.1 20".utf8)),
            .garbage(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)),
            .garbage(Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab".utf8)),
        ])
    func endsEarly(answer: ReceiverAnswer) async throws {
        let (outcome, receiver) = try await outcome(answer)
        #expect(outcome.failure == .reset)
        #expect(outcome.remoteAddress == "127.0.0.1")
        #expect(receiver.requests.count == 1)
        if !answer.body.isEmpty { #expect(outcome.partial?.bodyText == "short") }
    }

    @Test(arguments: [
        "nonsense\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
        "\0\u{1}\u{2}\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n",
    ])
    func garbage(bytes: String) async throws {
        let (outcome, _) = try await outcome(.garbage(Array(bytes.utf8)))
        switch outcome.failure {
        case .other(_, let text): #expect(!text.isEmpty)
        case .reset, .tooLarge: break
        case let failure: Issue.record("\(bytes.debugDescription): \(String(describing: failure))")
        }
    }

    @Test("Random bytes never bring the engine down", arguments: 0..<40)
    func noise(seed: UInt64) async throws {
        var state = seed
        let noise = (0..<400).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let prefix = seed.isMultiple(of: 2) ? "HTTP/1.1 200 OK\r\n" : ""
        _ = try await outcome(.garbage(Array(prefix.utf8) + noise))
        let (after, _) = try await outcome(.ok)
        #expect(after.response?.status == 200)
    }

    @Test func hanging() async throws {
        let (outcome, receiver) = try await outcome(.hang, timeout: .seconds(1))
        #expect(outcome.failure == .timedOut)
        #expect(try #require(outcome.timings.total) > .milliseconds(990))
        #expect(outcome.timings.connect != nil && outcome.timings.firstByte == nil)
        #expect(outcome.partial == nil)
        #expect(receiver.requests.count == 1)
    }

    @Test("Bytes that keep coming do not hold the timeout up", arguments: [20, 1000])
    func dripping(bytesPerSecond: Int) async throws {
        let drip = ReceiverAnswer.drip(bytes: 100_000, bytesPerSecond: bytesPerSecond)  // 20: two seconds for the head
        let (outcome, _) = try await outcome(drip, timeout: .seconds(1))
        #expect(outcome.failure == .timedOut)
        let total = try #require(outcome.timings.total)
        #expect(total > .milliseconds(990) && total < .seconds(50))
        if bytesPerSecond == 1000 {
            let partial = try #require(outcome.partial)
            #expect(partial.status == 200 && !partial.body.isEmpty)
        }
    }

    @Test func blackHole() async throws {
        let hole = try BlackHole()
        var request = OutboundRequest(method: "POST", url: "http://127.0.0.1:\(hole.port)/", body: [])
        (request.timeout, request.connectTimeout) = (.seconds(20), .milliseconds(300))
        var outcome = await engine.send(request)
        #expect(outcome.failure == .connectTimedOut)
        #expect(outcome.remoteAddress == "127.0.0.1")
        let total = try #require(outcome.timings.total)
        #expect(total > .milliseconds(290) && total < .seconds(20))
        (request.timeout, request.connectTimeout) = (.milliseconds(300), .seconds(20))
        outcome = await engine.send(request)
        #expect(outcome.failure == .timedOut)
    }

    @Test(arguments: [true, false])
    func oneGibibyte(isAnnounced: Bool) async throws {
        let before = try MemoryUse.peak()
        let (outcome, receiver) = try await outcome(.huge(bytes: 1 << 30, isAnnounced: isAnnounced))
        #expect(outcome.failure == .tooLarge)
        #expect(outcome.partial?.body.count == 16 * 1024)
        #expect(outcome.partial?.isTruncated == true)
        // half of what was sent: the other tests of this process need memory too
        #expect(try MemoryUse.peak() - before < 64 << 20)  // other tests run beside this one
        #expect(receiver.requests.count == 1)
    }

    @Test(
        "A head over 64 KiB",
        arguments: [
            "HTTP/1.1 200 OK\r\nX-Long: \(String(repeating: "x", count: 65_600))\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\(String(repeating: "X-Many: 1234567890\r\n", count: 4000))\r\n",
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 4000),
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
                + String(repeating: "X-T: 1\r\n", count: 9000) + "\r\n",
        ])
    func largeHead(head: String) async throws {
        #expect(try await outcome(.garbage(Array(head.utf8))).0.failure == .tooLarge)
    }

    @Test func headOfAlmost64KiB() async throws {
        let headers = (0..<3000).map { ("x-\($0)", "0123456789") }
        let (outcome, _) = try await outcome(ReceiverAnswer(headers: headers))
        #expect(outcome.response?.headers.count == 3001)
    }

    @Test func moreBodyThanAnnounced() async throws {
        let answer = ReceiverAnswer(body: "ok and more").with { $0.contentLength = 2 }
        let receiver = try TestReceiver(answers: answer)
        for _ in 0..<3 {
            let outcome = await engine.send(.get(receiver.url()))
            #expect(outcome.response?.bodyText == "ok", "\(outcome)")
        }
    }
}

enum MemoryUse {
    /// The most memory that the process ever held, in bytes.
    static func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1024
    }
}
