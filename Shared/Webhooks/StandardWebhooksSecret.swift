import Crypto

/// A symmetric secret of Standard Webhooks, for signatures `v1`: HMAC-SHA256 over `id.timestamp.body`.
///
/// Source: github.com/standard-webhooks/standard-webhooks, spec 1.0.0.
public struct StandardWebhooksSecret: Sendable {
    static let prefix = "whsec_"
    let key: SymmetricKey

    /// Nil unless `text` is `whsec_` and the base 64 of 24–64 bytes; missing padding does not matter.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let bytes = Base64.decode(text.dropFirst(Self.prefix.count)),
            (24...64).contains(bytes.count)
        else { return nil }
        self.init(key: bytes)
    }

    /// A key of any length, for what tenants of other dialects or people at a terminal have.
    public init(key bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

    /// A new one of 32 random bytes.
    public init() { key = SymmetricKey(size: .bits256) }

    /// `whsec_…`, with padding.
    public var text: String { Self.prefix + Base64.encode(key.withUnsafeBytes { Array($0) }) }

    /// One entry of `webhook-signature`: `v1,` and base 64.
    ///
    /// - Parameter timestamp: in seconds since 1970, as in `webhook-timestamp`.
    public func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let code = Self.authenticate(SignedContent(id: id, timestamp: timestamp, body: body), with: key)
        return "v1," + code.withUnsafeBytes { Base64.encode($0) }
    }

    /// The HMAC of the message.
    func code(of content: SignedContent) -> HMAC<SHA256>.MAC { Self.authenticate(content, with: key) }

    private static func authenticate(_ content: SignedContent, with key: SymmetricKey) -> HMAC<SHA256>.MAC {
        var hmac = HMAC<SHA256>(key: key)
        hmac.update(data: content.head)
        hmac.update(data: content.body)
        return hmac.finalize()
    }
}

/// What is signed: the id, the time and the body, with dots between.
struct SignedContent {
    /// `id.timestamp.`
    let head: [UInt8]
    let body: [UInt8]

    init(id: String, timestamp: Int64, body: [UInt8]) {
        var head: [UInt8] = []
        head.reserveCapacity(64)
        head.append(contentsOf: id.utf8)
        head.append(UInt8(ascii: "."))
        head.append(contentsOf: String(timestamp).utf8)
        head.append(UInt8(ascii: "."))
        self.head = head
        self.body = body
    }
}
