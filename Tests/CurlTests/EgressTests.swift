import Curl
import Foundation
import TestSupport
import Testing

/// The guards at the dial: addresses, ports, the proxy.
@Suite struct EgressTests {
    @Test(arguments: [
        "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "localhost", "[::ffff:127.0.0.1]",
    ])
    func nothingIsDialledThatMayNotBe(host: String) async throws {
        let receiver = try TestReceiver()
        let engine = try HTTPEngine.onLoopback { $0.addresses = AddressPolicy() }
        let outcome = await engine.send(.get("http://\(host):\(receiver.port)/"))
        guard case .forbidden(let address) = outcome.failure else {
            Issue.record("\(outcome)")
            return
        }
        #expect(["127.0.0.1", "::1", "::ffff:127.0.0.1"].contains(address))
        #expect(receiver.connectionCount == 0)
        #expect(outcome.remoteAddress == nil)
    }

    @Test func denyWins() async throws {
        let receiver = try TestReceiver()
        let engine = try HTTPEngine.onLoopback {
            $0.addresses = AddressPolicy(allow: ["127.0.0.0/8"], deny: ["127.0.0.1"])
        }
        #expect(await engine.send(.get(receiver.url())).failure == .forbidden("127.0.0.1"))
        #expect(receiver.connectionCount == 0)
    }

    @Test func ports() async throws {
        let (one, other) = (try TestReceiver(), try TestReceiver())
        let engine = try HTTPEngine.onLoopback { $0.ports = PortList(parsing: "\(one.port)") ?? .all }
        #expect(await engine.send(.get(one.url())).response?.status == 200)
        let failure = await engine.send(.get(other.url())).failure
        #expect(failure == .forbidden("127.0.0.1 (port \(other.port))"))
        #expect(other.connectionCount == 0)
    }

    @Test func proxy() async throws {
        let proxy = try TestReceiver(answers: ReceiverAnswer(status: 202))
        let engine = try HTTPEngine.onLoopback {
            $0.addresses = AddressPolicy()  // does not hold for the proxy itself
            $0.proxy = "http://user:word@127.0.0.1:\(proxy.port)"
            $0.ports = PortList(parsing: "80") ?? .all
        }
        let outcome = await engine.send(
            OutboundRequest(method: "POST", url: "http://hooks.example/a?b", headers: [("x-a", "1")], body: [65]))
        #expect(outcome.response?.status == 202)
        let seen = try #require(proxy.requests.first)
        #expect((seen.method, seen.target, seen.bodyText) == ("POST", "http://hooks.example/a?b", "A"))
        #expect(seen.header("host") == "hooks.example" && seen.header("x-a") == "1")
        #expect(seen.header("proxy-authorization") != nil)
        for host in ["127.0.0.1", "10.1", "[::1]", "localhost", "0xa9fea9fe"] {
            guard case .forbidden = await engine.send(.get("http://\(host)/")).failure else {
                Issue.record("\(host) went to the proxy")
                return
            }
        }
        #expect(await engine.send(.get("http://hooks.example:81/")).failure == .forbidden("hooks.example:81"))
        #expect(proxy.requests.count == 1)
    }

    @Test(arguments: ["", "127.0.0.1:3128", "socks5://127.0.0.1:1", "http://", "http://a b", "https://127.0.0.1:1"])
    func malformedProxy(proxy: String) {
        #expect(throws: HTTPEngineConfiguration.Fault.malformedProxy) { try HTTPEngine.onLoopback { $0.proxy = proxy } }
    }

    @Test func missingAuthorities() {
        let path = "/nowhere/ca.pem"
        #expect(throws: HTTPEngineConfiguration.Fault.unreadableCertificateAuthorities(path: path)) {
            try HTTPEngine.onLoopback { $0.certificateAuthorities = path }
        }
    }

    /// In a process of its own, whose environment it may change.
    @Test func theEnvironmentNamesNoProxy() async {
        await #expect(processExitsWith: .success) {
            let (proxy, receiver) = (try TestReceiver(), try TestReceiver())
            for name in ["http_proxy", "all_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:\(proxy.port)", 1) }
            let engine = try HTTPEngine.onLoopback()
            let outcome = await engine.send(.get(receiver.url()))
            #expect(outcome.response?.status == 200)
            #expect((proxy.connectionCount, receiver.connectionCount) == (0, 1))
        }
    }
}
