import Crypto
import Foundation
public import ServiceLifecycle
public import Webhooks

/// Tells whose token it is, or why it is none. A token that was verified costs a digest and a look-up after that.
public struct AccessTokenVerifier: Sendable {
    /// How far the clocks of issuer and verifier may differ.
    static let skew = Duration.seconds(30)
    /// Longer texts are no tokens of ours; nobody gets to have megabytes hashed.
    static let longestToken = 16 * 1024

    private let keys: [VerificationKey]
    private let published: PublishedKeys?
    private let issuer: String?
    private let audience: String?
    private let cache: TokenCache

    init(
        keys: [VerificationKey], published: PublishedKeys? = nil, issuer: String? = nil, audience: String? = nil,
        cached: Int = 10_000
    ) {
        self.keys = keys
        self.published = published
        self.issuer = issuer
        self.audience = audience
        cache = TokenCache(capacity: cached)
    }

    /// HS256 tokens of one secret, for tests.
    public init(secret: String, issuer: String? = nil, audience: String? = nil) {
        self.init(keys: [VerificationKey(secret: secret)], issuer: issuer, audience: audience)
    }

    /// What keeps the keys current, to be run beside the server.
    public var services: [any Service] { published.map { [$0] } ?? [] }

    /// Whether there are keys to verify with: those of a URL may still be on their way.
    public var isReady: Bool { published?.hasKeys ?? true }

    /// What the token says; a key that is not known is asked for where keys are published.
    public func verifyAskingForKeys(_ token: String) async throws(TokenError) -> AccessToken {
        do { return try verify(token) } catch {
            guard error == .unknownKey, let published else { throw error }
            await published.renew()
        }
        do { return try verify(token) } catch { throw isReady ? error : .keysUnavailable }
    }

    /// What the token says, by the keys at hand.
    ///
    /// - Parameter now: `exp` and `nbf` are held against it, with 30 s of patience.
    public func verify(_ token: String, at now: Instant = .now) throws(TokenError) -> AccessToken {
        guard token.utf8.count <= Self.longestToken else { throw .malformed }
        var hash = SHA256()
        var token = token
        token.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        let digest = hash.finalize()
        let generation = published?.generation ?? 0
        if let known = cache.token(digest, keys: generation) {
            guard now < known.expiresAt + Self.skew else {
                cache.remove(digest)
                throw .expired
            }
            return known
        }
        let claims = try claims(of: token)
        guard now < Claims.instant(claims.exp) + Self.skew else { throw .expired }
        if let notBefore = claims.nbf, now + Self.skew < Claims.instant(notBefore) { throw .notYetValid }
        if let issuer, claims.iss != issuer { throw .wrongIssuer }
        if let audience, !(claims.aud?.values.contains(audience) ?? false) { throw .wrongAudience }
        let accepted = claims.token
        cache.insert(accepted, digest, keys: generation)
        return accepted
    }

    /// The claims, if one of the keys signed them.
    private func claims(of token: String) throws(TokenError) -> Claims {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header: TokenHeader = Self.decode(parts[0]),
            let signature = Base64URL.decode(parts[2].utf8)
        else { throw .malformed }
        guard let algorithm = VerificationKey.Algorithm(rawValue: header.alg), header.crit == nil else {
            throw .unacceptableAlgorithm
        }
        let candidates = (keys + (published?.keys ?? [])).filter { key in
            key.algorithm == algorithm
                && (header.kid == nil || key.identifier == nil || key.identifier == header.kid)
        }
        guard !candidates.isEmpty else { throw .unknownKey }
        let signed = Array(token.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
        guard candidates.contains(where: { $0.verifies(signature, of: signed) }) else { throw .badSignature }
        guard let claims: Claims = Self.decode(parts[1]) else { throw .malformed }
        return claims
    }

    private static func decode<Part: Decodable>(_ text: Substring) -> Part? {
        Base64URL.decode(text.utf8).flatMap { try? JSONDecoder().decode(Part.self, from: Data($0)) }
    }
}
