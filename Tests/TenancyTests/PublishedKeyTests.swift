import Crypto
import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Webhooks

@testable import Tenancy

/// Keys by URL: asked for anew for an unknown `kid`, kept while the provider is away, and never too often.
@Suite struct PublishedKeyTests {
    /// A provider's pair of Ed25519 under a name, and tokens by it.
    struct Pair: Sendable {
        let kid: String
        let key = Curve25519.Signing.PrivateKey()

        var jwk: String {
            let x = Base64URL.encode(key.publicKey.rawRepresentation)
            return #"{"kty":"OKP","crv":"Ed25519","kid":"\#(kid)","x":"\#(x)"}"#
        }

        func token(_ subject: String = "ann") throws -> String {
            let head = Base64URL.encode(#"{"alg":"EdDSA","kid":"\#(kid)"}"#.utf8)
            let claims = #"{"exp":\#(Instant.now.seconds + 600),"sub":"\#(subject)","tenants":["acme"]}"#
            let text = head + "." + Base64URL.encode(claims.utf8)
            return text + "." + Base64URL.encode(try key.signature(for: Data(text.utf8)))
        }
    }

    static func set(_ pairs: Pair...) -> ReceiverAnswer {
        ReceiverAnswer(body: #"{"keys":[\#(pairs.map(\.jwk).joined(separator: ","))]}"#)
    }

    /// A clock that goes ahead when a test says so.
    final class MovedClock: Sendable {
        private let offset = Mutex(Duration.zero)

        var now: ContinuousClock.Instant { .now + offset.withLock { $0 } }
        func advance(by duration: Duration) { offset.withLock { $0 += duration } }
    }

    /// Lends a verifier whose keys come from `provider`, with a clock that the test moves.
    private func withVerifier(
        of provider: TestReceiver, _ body: @Sendable (AccessTokenVerifier, MovedClock) async throws -> Void
    ) async throws {
        let clock = MovedClock()
        let request = try KeySetRequest(url: provider.url("/keys"), certificateAuthorities: nil)
        let published = PublishedKeys(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { clock.now }, fetch: { await request() })
        let verifier = AccessTokenVerifier(keys: [], published: published)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await published.run() }
            try await body(verifier, clock)
            group.cancelAll()
        }
    }

    @Test func aNewKeyIsFetchedWhenATokenNamesIt() async throws {
        let (old, new) = (Pair(kid: "old"), Pair(kid: "new"))
        let provider = try TestReceiver { _ in Self.set(old) }
        try await withVerifier(of: provider) { verifier, clock in
            #expect(try await verifier.verifyAskingForKeys(try old.token()).subject == "ann")
            #expect(provider.requests.first?.target == "/keys")
            provider.answer { _ in Self.set(old, new) }
            clock.advance(by: .seconds(10))
            // Many at once are one request.
            try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<20 {
                    group.addTask { try await verifier.verifyAskingForKeys(try new.token("\(number)")).subject }
                }
                for try await subject in group { #expect(subject != nil) }
            }
            #expect(provider.requests.count == 2)
        }
    }

    @Test func strangersCannotMakeItAskOften() async throws {
        let known = Pair(kid: "known")
        let provider = try TestReceiver { _ in Self.set(known) }
        try await withVerifier(of: provider) { verifier, clock in
            _ = try await verifier.verifyAskingForKeys(try known.token())
            for number in 0..<100 {
                let stranger = try Pair(kid: "made up \(number)").token()
                await #expect(throws: TokenError.unknownKey) { try await verifier.verifyAskingForKeys(stranger) }
            }
            #expect(provider.requests.count == 1)
            clock.advance(by: .seconds(10))
            let stranger = try Pair(kid: "known").token()  // a known name is no reason, whoever signed
            await #expect(throws: TokenError.badSignature) { try await verifier.verifyAskingForKeys(stranger) }
            #expect(provider.requests.count == 1)
        }
    }

    @Test("A withdrawn key counts no more, not even for a token that was verified with it")
    func withdrawn() async throws {
        let (kept, withdrawn, new) = (Pair(kid: "kept"), Pair(kid: "withdrawn"), Pair(kid: "new"))
        let provider = try TestReceiver { _ in Self.set(kept, withdrawn) }
        try await withVerifier(of: provider) { verifier, clock in
            let (good, bad) = (try kept.token(), try withdrawn.token())
            for _ in 0..<2 {
                _ = try await verifier.verifyAskingForKeys(bad)
                _ = try await verifier.verifyAskingForKeys(good)
            }
            provider.answer { _ in Self.set(kept, new) }
            clock.advance(by: .seconds(10))
            _ = try await verifier.verifyAskingForKeys(try new.token())
            await #expect(throws: TokenError.unknownKey) { try await verifier.verifyAskingForKeys(bad) }
            #expect(try await verifier.verifyAskingForKeys(good).subject == "ann")
        }
    }

    @Test(
        "Keys are kept while the provider is away or talks nonsense",
        arguments: [
            ReceiverAnswer.status(500), .closeBeforeHead, ReceiverAnswer(body: "no json"),
            ReceiverAnswer(body: #"{"keys":[]}"#), ReceiverAnswer(status: 302, headers: [("location", "/elsewhere")]),
            .huge(bytes: 300_000),
        ])
    func stale(answer: ReceiverAnswer) async throws {
        let known = Pair(kid: "known")
        let provider = try TestReceiver { _ in Self.set(known) }
        try await withVerifier(of: provider) { verifier, clock in
            _ = try await verifier.verifyAskingForKeys(try known.token())
            provider.answer { _ in answer }
            clock.advance(by: .seconds(10))
            let stranger = try Pair(kid: "unknown").token()
            await #expect(throws: TokenError.unknownKey) { try await verifier.verifyAskingForKeys(stranger) }
            #expect(provider.requests.count > 1)
            #expect(try await verifier.verifyAskingForKeys(try known.token("another")).subject == "another")
            #expect(verifier.isReady)
        }
    }

    @Test func withoutAnyKeyNothingCanBeSaid() async throws {
        let known = Pair(kid: "known")
        let provider = try TestReceiver { _ in .status(503) }
        try await withVerifier(of: provider) { verifier, clock in
            #expect(!verifier.isReady)
            let token = try known.token()
            await #expect(throws: TokenError.keysUnavailable) { try await verifier.verifyAskingForKeys(token) }
            provider.answer { _ in Self.set(known) }
            clock.advance(by: .seconds(2))
            _ = try await verifier.verifyAskingForKeys(token)
            #expect(verifier.isReady)
        }
    }
}
