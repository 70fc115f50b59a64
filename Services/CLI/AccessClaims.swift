import JWTKit
import Webhooks

/// What an access token says: who, for which tenants, with which permissions, until when.
struct AccessClaims: JWTPayload {
    static let permissions = [
        "webhooks:read", "webhooks:write", "events:read", "events:write", "deliveries:read", "deliveries:write",
        "metrics:read", "tenants:admin",
    ]

    var sub: String
    /// Identifiers, or `*` for all.
    var tenants: [String]
    var permissions: [String]
    /// Seconds since 1970.
    var iat: Int64
    var exp: Int64
    var iss: String?
    var aud: String?

    init(
        subject: String, tenants: [String], permissions: [String], issuedAt now: Instant, seconds: Int64,
        issuer: String? = nil, audience: String? = nil
    ) {
        sub = subject
        self.tenants = tenants
        self.permissions = permissions
        iat = now.seconds
        exp = now.seconds.addingReportingOverflow(seconds).overflow ? .max : now.seconds + seconds
        iss = issuer
        aud = audience
    }

    /// The claims are only ever written here.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// The token, signed with HS256 and the UTF-8 bytes of `secret`.
    ///
    /// - Throws: where `secret` has less than 32 bytes, which RFC 7518 § 3.2 forbids.
    func signed(with secret: String) async throws -> String {
        guard secret.utf8.count >= 32 else { throw CommandFailure("MARTLET_JWT_SECRET has less than 32 bytes") }
        let keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        return try await keys.sign(self)
    }
}
