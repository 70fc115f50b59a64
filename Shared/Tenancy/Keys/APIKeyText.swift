import Crypto

/// The text of an API key: `martlet_` and 32 random bytes as base64url. Shown once, never kept.
public struct APIKeyText: Sendable {
    static let prefix = "martlet_"

    public let text: String

    /// A new one.
    public init() {
        var random = SystemRandomNumberGenerator()
        text = Self.prefix + Base64URL.encode((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Nil for what is no such text, a token for instance.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let bytes = Base64URL.decode(text.dropFirst(Self.prefix.count).utf8),
            bytes.count == 32
        else { return nil }
        self.text = text
    }

    /// What is kept: SHA-256. The key has 256 bits of chance, so there is nothing to guess and nothing to salt.
    public var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
