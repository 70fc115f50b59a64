import Crypto
import Foundation
import Testing
import Webhooks

@testable import Tenancy

@Suite struct VerifierTests {
    static let secret = "a secret of the tests, of more than 32 bytes"
    static let now = Instant(microseconds: 1_760_000_000_000_000)
    let verifier = AccessTokenVerifier(secret: secret)

    static func claims(_ change: (inout Claims) -> Void = { _ in }) -> Claims {
        var claims = Claims(
            sub: "ann", exp: Double(now.seconds + 60), tenants: ["acme"], permissions: ["webhooks:read", "new:thing"])
        change(&claims)
        return claims
    }

    /// A token with any header and payload text, signed with HS256 unless a signature is given.
    static func token(
        header: String = #"{"alg":"HS256"}"#, payload: String, secret: String = secret, signature: [UInt8]? = nil
    ) -> String {
        let text = Base64URL.encode(header.utf8) + "." + Base64URL.encode(payload.utf8)
        let key = SymmetricKey(data: Array(secret.utf8))
        return text + "."
            + Base64URL.encode(signature ?? Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)))
    }

    static func payload(_ change: (inout Claims) -> Void = { _ in }) throws -> String {
        String(decoding: try JSONEncoder().encode(claims(change)), as: UTF8.self)
    }

    private func refusal(_ token: String, _ verifier: AccessTokenVerifier? = nil) -> TokenError? {
        do { _ = try (verifier ?? self.verifier).verify(token, at: Self.now) } catch { return error }
        return nil
    }

    @Test func aGoodTokenSaysWhoseItIs() throws {
        let text = try TokenIssuer(secret: Self.secret).token(Self.claims())
        for _ in 0..<2 {  // the second time from the cache
            let token = try verifier.verify(text, at: Self.now)
            #expect(token.subject == "ann" && token.permissions == [.webhooksRead])
            #expect(token.covers(tenant: "acme") && !token.covers(tenant: "other") && !token.covers(tenant: "*"))
        }
        let all = try verifier.verify(
            try TokenIssuer(secret: Self.secret).token(Self.claims { $0.tenants = ["*"] }), at: Self.now)
        #expect(all.covers(tenant: "anyone"))
        let none = try verifier.verify(Self.token(payload: #"{"exp":1760000060}"#), at: Self.now)
        #expect(none.subject == nil && none.permissions.isEmpty && !none.covers(tenant: "acme"))
    }

    @Test(
        "Time, with 30 s of patience",
        arguments: [
            (-29, nil, nil), (-30, nil, .expired), (-31, nil, .expired), (60, 30, nil), (60, 31, .notYetValid),
            (60, -5, nil),
        ] as [(Int, Int?, TokenError?)])
    func times(expiresIn: Int, beginsIn: Int?, expected: TokenError?) throws {
        let payload = try Self.payload {
            $0.exp = Double(Self.now.seconds) + Double(expiresIn)
            $0.nbf = beginsIn.map { Double(Self.now.seconds) + Double($0) }
        }
        #expect(refusal(Self.token(payload: payload)) == expected)
    }

    @Test("Odd times do not trap", arguments: ["1e300", "-1e300", "0", "-1", "1.5e9", "99999999999999999999"])
    func oddTimes(text: String) {
        _ = refusal(Self.token(payload: #"{"exp":\#(text)}"#))
        _ = refusal(Self.token(payload: #"{"exp":1760000060,"nbf":\#(text)}"#))
    }

    @Test func aCachedTokenExpiresToo() throws {
        let text = Self.token(payload: try Self.payload())
        _ = try verifier.verify(text, at: Self.now)
        #expect(throws: TokenError.expired) { try verifier.verify(text, at: Self.now + .seconds(90)) }
        #expect(throws: TokenError.expired) { try verifier.verify(text, at: Self.now + .seconds(91)) }
    }

    @Test(
        "The algorithm is the key's, never the token's",
        arguments: [
            (#"{"alg":"none"}"#, TokenError.unacceptableAlgorithm), (#"{"alg":"None"}"#, .unacceptableAlgorithm),
            (#"{"alg":"NONE"}"#, .unacceptableAlgorithm), (#"{"alg":""}"#, .unacceptableAlgorithm),
            (#"{"alg":"HS384"}"#, .unacceptableAlgorithm), (#"{"alg":"hs256"}"#, .unacceptableAlgorithm),
            (#"{"alg":"RS256"}"#, .unknownKey), (#"{"alg":"ES256"}"#, .unknownKey), (#"{"alg":null}"#, .malformed),
            (#"{}"#, .malformed), (#"{"alg":"HS256","crit":["b64"],"b64":false}"#, .unacceptableAlgorithm),
            (#"{"alg":"HS256","crit":[]}"#, .unacceptableAlgorithm),
        ])
    func algorithms(header: String, expected: TokenError) throws {
        let payload = try Self.payload()
        #expect(refusal(Self.token(header: header, payload: payload)) == expected)
        #expect(refusal(Self.token(header: header, payload: payload, signature: [])) == expected)
    }

    @Test func forgedTokensAreRefused() throws {
        let payload = try Self.payload()
        let good = Self.token(payload: payload)
        let parts = good.split(separator: ".").map(String.init)
        let other = Base64URL.encode(try Self.payload { $0.tenants = ["*"] }.utf8)
        #expect(refusal(good) == nil)
        #expect(refusal(Self.token(payload: payload, secret: Self.secret + "!")) == .badSignature)
        #expect(refusal(Self.token(payload: payload, signature: [])) == .badSignature)
        #expect(refusal("\(parts[0]).\(other).\(parts[2])") == .badSignature)
        #expect(refusal("\(parts[0]).\(parts[1]).\(parts[2].dropLast(3))") == .badSignature)
    }

    @Test(
        "What is no token",
        arguments: [
            "", ".", "..", "a.b.c", "a.b.c.d", "….….…", "e30.e30.e30", "e30=.e30.e30", " e30.e30.e30", "\u{0}",
            String(repeating: "A", count: 20_000),
        ])
    func garbage(text: String) { #expect(refusal(text) == .malformed) }

    @Test("A token has one text", arguments: [".", "=", "A", " ", "\n", "%", "+", "/"])
    func oneText(suffix: String) throws {
        let good = Self.token(payload: try Self.payload())
        #expect(refusal(good) == nil)
        #expect(refusal(good + suffix) != nil)
    }

    @Test(
        "A payload of another shape",
        arguments: [
            #"{"sub":"a"}"#, #"{"exp":"1760000060"}"#, #"{"exp":1760000060,"tenants":"acme"}"#,
            #"{"exp":1760000060,"permissions":[1]}"#, #"{"exp":null}"#, "[]", "null", "{", "",
        ])
    func shapes(payload: String) { #expect(refusal(Self.token(payload: payload)) == .malformed) }

    @Test(
        "Issuer and audience",
        arguments: [
            (#""iss":"me","aud":"martlet""#, nil), (#""iss":"me","aud":["x","martlet"]"#, nil),
            (#""iss":"you","aud":"martlet""#, .wrongIssuer), (#""aud":"martlet""#, .wrongIssuer),
            (#""iss":"me","aud":"x""#, .wrongAudience), (#""iss":"me""#, .wrongAudience),
            (#""iss":"me","aud":[]"#, .wrongAudience),
        ] as [(String, TokenError?)])
    func parties(claims: String, expected: TokenError?) {
        let strict = AccessTokenVerifier(secret: Self.secret, issuer: "me", audience: "martlet")
        let token = Self.token(payload: "{\"exp\":1760000060,\(claims)}")
        #expect(refusal(token, strict) == expected)
        #expect(refusal(token) == nil)
    }

    @Test func theCacheIsBounded() throws {
        let cache = TokenCache(capacity: 10)
        let token = AccessToken(subject: nil, tenants: .all, permissions: [], expiresAt: Self.now)
        let first = SHA256.hash(data: [0])
        cache.insert(token, first)
        for number in 1..<200 as Range<UInt8> {
            cache.insert(token, SHA256.hash(data: [number]))
            #expect(cache.token(first) != nil, "what is used stays")
            #expect(cache.count <= 12)
        }
        #expect(cache.token(SHA256.hash(data: [1])) == nil)
        cache.remove(first)
        #expect(cache.token(first) == nil)
    }

    @Test func base64URLIsStrict() {
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 251) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)[...].utf8) == bytes)
        }
        for text in ["A", "AB", "AAB", "AA==", "A+", "A/", "AA\n"] { #expect(Base64URL.decode(text[...].utf8) == nil) }
    }
}
