import Crypto

/// A secret of the portal: the token of a link, or a session's cookie. 32 random bytes as base64url; never kept.
public struct PortalSecret: Sendable {
    public let text: String

    /// A new one.
    public init() {
        var random = SystemRandomNumberGenerator()
        text = Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Nil for what is no such text.
    public init?(_ text: String) {
        guard text.utf8.count == 43, Base64URL.decode(text[...].utf8)?.count == 32 else { return nil }
        self.text = text
    }

    /// What is kept: SHA-256. There is nothing to guess in 256 bits of chance, and nothing to salt.
    public var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// The end of an address that nobody guesses: 16 random bytes.
    public static func name() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}
