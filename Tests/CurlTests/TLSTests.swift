import Curl
import Foundation
import TestSupport
import Testing

/// Certificates are always verified, before a byte of the request is sent.
@Suite struct TLSTests {
    private func request(_ port: UInt16, host: String = "127.0.0.1") -> OutboundRequest {
        var request = OutboundRequest(method: "POST", url: "https://\(host):\(port)/hook?x", body: Array("secret".utf8))
        (request.timeout, request.connectTimeout) = (.seconds(30), .seconds(30))
        return request
    }

    @Test func trustedAuthority() async throws {
        let authority = try TestAuthority()
        let (server, port) = try await TLSServer.start(.valid, of: authority)
        let engine = try HTTPEngine.onLoopback { $0.certificateAuthorities = authority.file }
        let first = await engine.send(request(port))
        #expect(first.response?.bodyText == "ok")
        #expect(first.timings.tls != nil && first.timings.connect != nil)
        let second = await engine.send(request(port))
        #expect(second.response?.bodyText == "ok")
        #expect(second.timings.tls == nil && second.timings.connect == nil)
        #expect(
            server.lines.dropFirst() == ["handshake", "request POST /hook?x HTTP/1.1", "request POST /hook?x HTTP/1.1"])
    }

    @Test(arguments: TestAuthority.Certificate.allCases)
    func untrusted(certificate: TestAuthority.Certificate) async throws {
        let authority = try TestAuthority()
        let (server, port) = try await TLSServer.start(certificate, of: authority)
        let engine = try HTTPEngine.onLoopback {
            $0.certificateAuthorities = certificate == .valid ? nil : authority.file  // valid, but of nobody known
        }
        let outcome = await engine.send(request(port))
        guard case .tls(let reason) = outcome.failure else {
            Issue.record("\(outcome)")
            return
        }
        let word: [TestAuthority.Certificate: String] = [
            .valid: "unable to get local issuer", .selfSigned: "self-signed", .expired: "expired",
            .wrongHost: "no alternative certificate subject name matches",
        ]
        #expect(reason.contains(try #require(word[certificate])), "\(reason)")
        #expect(outcome.remoteAddress == "127.0.0.1")
        #expect(outcome.partial == nil && outcome.timings.firstByte == nil)
        // Either side may notice first; what matters is that no request came.
        let end = try await end(of: server)
        #expect(["no handshake", "end after 0"].contains(end))
        #expect(!server.lines.contains { $0.hasPrefix("request") })
    }

    private func end(of server: ChildServer) async throws -> String {
        while server.isRunning {
            if let line = server.lines.first(where: { $0 == "no handshake" || $0.hasPrefix("end after") }) {
                return line
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return "the server is gone"
    }

    @Test func noTLSAtAll() async throws {
        let receiver = try TestReceiver(answers: .garbage(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)))
        let engine = try HTTPEngine.onLoopback()
        let outcome = await engine.send(request(receiver.port))
        guard case .tls = outcome.failure else {
            Issue.record("\(outcome)")
            return
        }
        #expect(receiver.requests.isEmpty)
    }

    /// The handshake belongs to the connect timeout.
    @Test func silentHandshake() async throws {
        let silent = try SilentPort()
        let engine = try HTTPEngine.onLoopback()
        var request = request(silent.port)
        request.connectTimeout = .milliseconds(500)
        let outcome = await engine.send(request)
        #expect(outcome.failure == .connectTimedOut)
        #expect(outcome.timings.dns != nil && outcome.timings.tls == nil)
        #expect(outcome.remoteAddress == "127.0.0.1")
    }

    @Test(.enabled(if: NginxServer.path != nil, "nginx is not installed"))
    func http2() async throws {
        let authority = try TestAuthority()
        let receiver = try TestReceiver(answers: ReceiverAnswer(status: 207, body: "ok"))
        let (server, port) = try await NginxServer.start(before: receiver, of: authority)
        let engine = try HTTPEngine.onLoopback { $0.certificateAuthorities = authority.file }
        let before = receiver.requests.count
        var connections: Set<String> = []
        for _ in 0..<10 {
            let outcome = await engine.send(request(port))
            let response = try #require(outcome.response, "\(outcome)")
            #expect((response.status, response.version, response.bodyText) == (207, .http2, "ok"))
            #expect(response.value(of: "x-protocol") == "HTTP/2.0")
            #expect(outcome.remoteAddress == "127.0.0.1")
            connections.insert(try #require(response.value(of: "x-connection")))
        }
        #expect(connections.count == 1)
        let seen = receiver.requests.dropFirst(before)
        #expect(seen.allSatisfy { ($0.method, $0.target, $0.bodyText) == ("POST", "/hook?x", "secret") })
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    let outcome = await engine.send(self.request(port))
                    #expect(outcome.response?.version == .http2, "\(outcome)")
                }
            }
        }
        #expect(server.isRunning && receiver.requests.count == before + 110)
    }
}
