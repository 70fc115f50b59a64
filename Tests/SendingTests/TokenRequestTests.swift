import Curl
import Dressing
import Epoll
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import Sending

/// OAuth 2 client credentials against a real token endpoint and a real receiver.
@Suite struct TokenRequestTests {
    static let reactor = Reactor()
    static let token = #"{"access_token":"token-%","token_type":"Bearer","expires_in":3600}"#

    /// A clock that goes ahead when a test says so.
    final class MovedClock: Sendable {
        private let offset = Mutex(Duration.zero)
        var now: ContinuousClock.Instant { .now + offset.withLock { $0 } }
        func advance(by duration: Duration) { offset.withLock { $0 += duration } }
    }

    /// A token endpoint that gives out `token-0`, `token-1`, …, and a receiver.
    final class Stage: Sendable {
        let endpoint: TestReceiver
        let receiver: TestReceiver
        let clock = MovedClock()
        let sender: RequestSender
        private let webhook: PreparedWebhook

        init(allow: [CIDR] = ["127.0.0.0/8"], tokenURL: String? = nil) throws {
            endpoint = try TestReceiver { request in
                ReceiverAnswer(body: TokenRequestTests.token.replacing("%", with: "\(request.number)"))
            }
            receiver = try TestReceiver()
            var configuration = HTTPEngineConfiguration()
            configuration.addresses = AddressPolicy(allow: allow)
            let engine = try HTTPEngine(on: TokenRequestTests.reactor, configuration: configuration)
            sender = .make(engine: engine, now: { [clock] in clock.now })
            webhook = try Self.prepare(
                receiver.url("/wh"), tokenURL: tokenURL ?? endpoint.url("/token"), secret: "s e:c/r&et")
        }

        static func prepare(_ url: String, tokenURL: String, secret: String) throws -> PreparedWebhook {
            var configuration = WebhookConfiguration(name: "w", url: url, events: ["*"])
            configuration.timeoutMs = 10_000
            let webhook = Webhook(
                id: Webhook.ID(), tenantID: Tenant.ID(), shard: Shard.all[0], configuration: configuration,
                version: 1, createdAt: .now, updatedAt: .now)
            let authentication = WebhookAuthentication.oauth2(
                tokenURL: tokenURL, clientID: "client", clientSecret: secret, scope: "a b")
            return try PreparedWebhook(
                webhook, tenantIdentifier: "acme",
                secrets: WebhookSecrets(
                    signing: [.init(StandardWebhooksSecret().text)], authentication: authentication))
        }

        func dressed(_ webhook: PreparedWebhook) -> DressedRequest {
            let event = Event(
                id: Event.ID(), tenantID: Tenant.ID(), type: "order-created", resourceID: nil,
                occurredAt: nil, traceparent: nil, data: Array("{}".utf8), related: nil)
            return Dresser().dress(event, for: webhook, deliveryID: nil, at: .now)
        }

        func send(_ other: PreparedWebhook? = nil) async -> SentRequest {
            let webhook = other ?? webhook
            return await sender.send(dressed(webhook), for: webhook)
        }

        func recorded(_ sent: SentRequest) -> RecordedRequest? { sent.request?.recorded(for: webhook) }
        var borne: [String?] { receiver.requests.map { $0.header("authorization") } }
    }

    @Test func aTokenIsFetchedOnceAndBorneByEveryRequest() async throws {
        let stage = try Stage()
        let first = await stage.send()
        #expect(first.outcome.response?.status == 200)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { #expect(await stage.send().outcome.response?.status == 200) } }
        }
        #expect(stage.borne == Array(repeating: "Bearer token-0", count: 21))
        let asked = try #require(stage.endpoint.requests.first)
        #expect(stage.endpoint.requests.count == 1)
        #expect((asked.method, asked.target) == ("POST", "/token"))
        #expect(asked.bodyText == "grant_type=client_credentials&scope=a%20b")
        #expect(asked.header("content-type") == "application/x-www-form-urlencoded")
        #expect(asked.header("authorization") == "Basic \(Base64.encode("client:s%20e%3Ac%2Fr%26et".utf8))")
        let history = try #require(stage.recorded(first))
        #expect(history.headers.contains(HeaderField("authorization", "Bearer ••••")))
        #expect(!history.headers.contains { String(decoding: $0.value, as: UTF8.self).contains("token-0") })
    }

    @Test func manyAtOnceAskOnce() async throws {
        let stage = try Stage()
        stage.endpoint.answer { _ in
            ReceiverAnswer(body: Self.token).with { $0.delay = .milliseconds(100) }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { #expect(await stage.send().outcome.response?.status == 200) } }
        }
        #expect(stage.endpoint.requests.count == 1 && stage.receiver.requests.count == 20)
    }

    @Test func itIsRenewedBeforeItEnds() async throws {
        let stage = try Stage()
        _ = await stage.send()
        stage.clock.advance(by: .seconds(3500))
        _ = await stage.send()
        stage.clock.advance(by: .seconds(41))
        _ = await stage.send()
        #expect(stage.borne == ["Bearer token-0", "Bearer token-0", "Bearer token-1"])
    }

    @Test("A token that the receiver refuses is renewed, once for a request")
    func refused() async throws {
        let stage = try Stage()
        _ = await stage.send()
        stage.receiver.answer { $0.header("authorization") == "Bearer token-1" ? .ok : .status(401) }
        #expect(await stage.send().outcome.response?.status == 200)
        #expect(stage.borne == ["Bearer token-0", "Bearer token-0", "Bearer token-1"])
        stage.receiver.answer { _ in .status(401) }
        let last = await stage.send()
        #expect(last.outcome.response?.status == 401)
        #expect(stage.endpoint.requests.count == 3 && stage.receiver.requests.count == 5)
        // A new client, whose first token is refused: there is no point in asking again at once.
        let other = try Stage.prepare(stage.receiver.url(), tokenURL: stage.endpoint.url("/token"), secret: "other")
        #expect(await stage.send(other).outcome.response?.status == 401)
        #expect(stage.endpoint.requests.count == 4 && stage.receiver.requests.count == 6)
    }

    @Test(
        "Without a token nothing is sent, and the outcome says why",
        arguments: [
            (.status(401), .tokenRefused(status: 401, reason: "")),
            (.status(500), .tokenRefused(status: 500, reason: "")),
            (.status(302), .tokenRefused(status: 302, reason: "")),
            (ReceiverAnswer(body: "<html>"), .tokenRefused(status: 200, reason: "")),
            (
                ReceiverAnswer(status: 400, body: #"{"error":"invalid_client"}"#),
                .tokenRefused(status: 400, reason: "invalid_client")
            ),
            (.closeBeforeHead, .noToken(.reset)), (.huge(bytes: 100_000), .noToken(.tooLarge)),
        ] as [(ReceiverAnswer, TransferFailure)])
    func failures(answer: ReceiverAnswer, expected: TransferFailure) async throws {
        let stage = try Stage()
        stage.endpoint.answer { _ in answer }
        let sent = await stage.send()
        #expect(sent.outcome.failure == expected && sent.request == nil)
        #expect(stage.receiver.requests.isEmpty)
        stage.endpoint.answer { _ in ReceiverAnswer(body: Self.token) }
        #expect(await stage.send().outcome.response?.status == 200, "the next attempt asks again")
    }

    @Test func theTokenEndpointIsDialledUnderTheSamePolicy() async throws {
        let stage = try Stage(tokenURL: "http://10.0.0.1/token")
        #expect(await stage.send().outcome.failure == .noToken(.forbidden("10.0.0.1")))
        #expect(stage.receiver.requests.isEmpty)
    }

    @Test func whoMayNotSendAnyMoreDoesNot() async throws {
        let stage = try Stage()
        let webhook = try Stage.prepare(stage.receiver.url(), tokenURL: stage.endpoint.url(), secret: "s")
        let outcome = await withCheckedContinuation { continuation in
            Self.reactor.perform {
                stage.sender.assumeIsolated { sender in
                    _ = sender.start(stage.dressed(webhook), for: webhook, maySend: { false }) {
                        continuation.resume(returning: $0.outcome)
                    }
                }
            }
        }
        #expect(outcome.failure == .cancelled)
        #expect(stage.endpoint.requests.count == 1 && stage.receiver.requests.isEmpty)
    }

    @Test func aRequestThatWaitsForATokenCanBeCancelled() async throws {
        let stage = try Stage()
        stage.endpoint.answer { _ in .hang }
        let webhook = try Stage.prepare(stage.receiver.url(), tokenURL: stage.endpoint.url(), secret: "s")
        let outcome = await withCheckedContinuation { continuation in
            Self.reactor.perform {
                stage.sender.assumeIsolated { sender in
                    let id = sender.start(stage.dressed(webhook), for: webhook) {
                        continuation.resume(returning: $0.outcome)
                    }
                    sender.cancel(id)
                }
            }
        }
        #expect(outcome.failure == .cancelled)
        #expect(stage.receiver.requests.isEmpty)
    }
}

extension TransferOutcome {
    fileprivate var response: HTTPResponse? { try? result.get() }
    fileprivate var failure: TransferFailure? { if case .failure(let failure) = result { failure } else { nil } }
}
