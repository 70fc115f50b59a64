import Crypto
import Foundation
public import Webhooks

/// Makes tokens signed with HS256, for the command-line tool and tests.
public struct TokenIssuer: Sendable {
    private let key: SymmetricKey
    private let issuer: String?
    private let audience: String?

    /// - Parameter secret: `MARTLET_JWT_SECRET` of the services that shall take the tokens.
    public init(secret: String, issuer: String? = nil, audience: String? = nil) {
        key = SymmetricKey(data: Array(secret.utf8))
        self.issuer = issuer
        self.audience = audience
    }

    /// A token.
    ///
    /// - Parameters:
    ///   - tenants: identifiers; `["*"]` is all.
    ///   - lifetime: from `now` to `exp`.
    public func token(
        subject: String, tenants: [String], permissions: [Permission], lifetime: Duration = .seconds(3600),
        at now: Instant = .now
    ) throws -> String {
        try token(
            Claims(
                sub: subject, iss: issuer, aud: audience.map { Audience([$0]) },
                exp: Double((now + lifetime).seconds), nbf: nil, iat: Double(now.seconds), tenants: tenants,
                permissions: permissions.map(\.rawValue)))
    }

    func token(_ claims: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text =
            Base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8) + "." + Base64URL.encode(try encoder.encode(claims))
        return text + "." + Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }
}
