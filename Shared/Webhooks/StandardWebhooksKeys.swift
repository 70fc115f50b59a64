import Crypto

/// An Ed25519 pair of Standard Webhooks, for signatures `v1a`.
public struct StandardWebhooksKeyPair: Sendable {
    static let prefix = "whsk_"
    private let key: Curve25519.Signing.PrivateKey

    /// Nil unless `text` is `whsk_` and the base 64 of a seed of 32 bytes, or of the seed and its public key.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let bytes = Base64.decode(text.dropFirst(Self.prefix.count)),
            bytes.count == 32 || bytes.count == 64,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.prefix(32))
        else { return nil }
        guard bytes.count == 32 || key.publicKey.rawRepresentation.elementsEqual(bytes.suffix(32)) else { return nil }
        self.key = key
    }

    /// A new random one.
    public init() { key = Curve25519.Signing.PrivateKey() }

    /// `whsk_…`: seed and public key.
    public var text: String {
        Self.prefix + Base64.encode(Array(key.rawRepresentation) + Array(key.publicKey.rawRepresentation))
    }

    /// What receivers get.
    public var publicKey: StandardWebhooksPublicKey { StandardWebhooksPublicKey(key: key.publicKey) }

    /// One entry of `webhook-signature`: `v1a,` and base 64.
    ///
    /// - Parameter timestamp: in seconds since 1970, as in `webhook-timestamp`.
    /// - Throws: when the cryptographic library fails.
    public func signature(id: String, timestamp: Int64, body: [UInt8]) throws -> String {
        let content = SignedContent(id: id, timestamp: timestamp, body: body)
        return "v1a," + Base64.encode(Array(try key.signature(for: content.head + content.body)))
    }
}

/// The half of a ``StandardWebhooksKeyPair`` that a receiver has.
public struct StandardWebhooksPublicKey: Sendable {
    static let prefix = "whpk_"
    let key: Curve25519.Signing.PublicKey

    init(key: Curve25519.Signing.PublicKey) { self.key = key }

    /// Nil unless `text` is `whpk_` and the base 64 of 32 bytes.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let bytes = Base64.decode(text.dropFirst(Self.prefix.count)),
            bytes.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return nil }
        self.key = key
    }

    /// `whpk_…`.
    public var text: String { Self.prefix + Base64.encode(Array(key.rawRepresentation)) }

    func isValid(_ signature: [UInt8], of content: SignedContent) -> Bool {
        signature.count == 64 && key.isValidSignature(signature, for: content.head + content.body)
    }
}
