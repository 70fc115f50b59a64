import Crypto
import JSON
public import Webhooks

/// The signature of dialect `crystallize`: a JSON Web Token (RFC 7519, HS256) whose claim `hmac` is the hash of what
/// was sent (``CrystallizeChallenge``).
public struct CrystallizeSignature: Sendable {
    public static let fieldName = "x-crystallize-signature"
    /// From `iat` to `exp`, unless set otherwise.
    public static let usualLifetime = Duration.seconds(300)

    /// Why a token is not to be trusted.
    public enum Failure: Error, Hashable, Sendable {
        /// No three parts of base 64, or no JSON in them.
        case malformed
        /// Its head names another algorithm than HS256.
        case otherAlgorithm
        /// It was made with another secret, or changed.
        case mismatch
        /// `exp` is missing or over, or `nbf` is still to come.
        case expired
        /// It is of another URL, method or body.
        case otherContent
    }

    /// base64url of `{"alg":"HS256","typ":"JWT"}`.
    private static let head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"

    private let key: SymmetricKey

    /// - Parameter secret: the tenant's, used as its UTF-8 bytes.
    public init(secret: String) { key = SymmetricKey(data: Array(secret.utf8)) }

    /// - Parameters:
    ///   - hmac: of ``CrystallizeChallenge``.
    ///   - tenant: its identifier.
    public func token(
        hmac: String, tenant: String, at instant: Instant, lifetime: Duration = Self.usualLifetime
    ) -> String {
        let issued = instant.seconds
        var claims: [UInt8] = []
        claims.reserveCapacity(320)
        claims.append(contentsOf: #"{"aud":"webhook","sub":"signature","iss":"crystallize","iat":"#.utf8)
        claims.append(contentsOf: String(issued).utf8)
        claims.append(contentsOf: #","exp":"#.utf8)
        claims.append(contentsOf: String(issued + lifetime.components.seconds).utf8)
        for (name, value) in [("tenantId", tenant), ("tenantIdentifier", tenant), ("hmac", hmac)] {
            claims.append(contentsOf: ",\"\(name)\":\"".utf8)
            claims.appendJSONEscaped(value)
            claims.append(UInt8(ascii: "\""))
        }
        claims.append(UInt8(ascii: "}"))
        let signed = Self.head + "." + Self.base64URL(claims)
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        return signed + "." + Self.base64URL(Array(code))
    }

    /// Hex HMAC-SHA256 of a body: what `x-martlet-body-hmac` holds.
    public func code(of body: [UInt8]) -> String {
        Hexadecimal.text(of: HMAC<SHA256>.authenticationCode(for: body, using: key))
    }

    /// Returns where the token was made with this secret, for this content, and has not expired.
    public func verify(_ token: String, hmac: String, now: Instant) throws(Failure) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Self.json(parts[0]), let claims = Self.json(parts[1]),
            let code = Self.bytes(parts[2])
        else { throw .malformed }
        guard head.member("alg")?.string == "HS256" else { throw .otherAlgorithm }
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key) else {
            throw .mismatch
        }
        let seconds = Double(now.seconds)
        guard let end = claims.member("exp")?.double, seconds < end, claims.member("nbf")?.double ?? 0 <= seconds
        else { throw .expired }
        guard claims.member("hmac")?.string == hmac else { throw .otherContent }
    }

    // MARK: base64url (RFC 4648 § 5), without padding

    private static func base64URL(_ bytes: [UInt8]) -> String {
        var text = Base64.encode(bytes)
        while text.utf8.last == UInt8(ascii: "=") { text.removeLast() }
        return String(
            decoding: text.utf8.map {
                switch $0 {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: $0
                }
            }, as: UTF8.self)
    }

    private static func bytes(_ text: Substring) -> [UInt8]? {
        guard !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else { return nil }
        return Base64.decode(text.replacing("-", with: "+").replacing("_", with: "/"))
    }

    private static func json(_ text: Substring) -> JSONValue? {
        bytes(text).flatMap { PayloadMember.root(of: $0) }
    }
}

/// Lower-case hexadecimal text.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
