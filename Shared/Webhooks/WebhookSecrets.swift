/// What a webhook's requests are signed and authenticated with, in the clear: never stored, never logged.
public struct WebhookSecrets: Sendable {
    /// One secret of several that may count at a time, as while one replaces another.
    public struct Signing: Hashable, Sendable {
        /// `whsec_…` or, for `shopery`, any text; of the Ed25519 pairs `whsk_…`.
        public let text: String
        /// Nil: the current one; else it signs beside the current one until then.
        public let validUntil: Instant?

        /// - Parameter validUntil: nil for the current one.
        public init(_ text: String, validUntil: Instant? = nil) {
            self.text = text
            self.validUntil = validUntil
        }
    }

    /// The current one first.
    public var signing: [Signing]
    /// Private halves for `v1a`, the current one first.
    public var ed25519: [Signing]
    /// Nil: no proof beside the signature.
    public var authentication: WebhookAuthentication?
    /// The tenant's signature secret, which dialect `crystallize` signs with; nil: there is none, or it cannot be read.
    public var tenantSignature: String?

    /// - Parameter signing: the current one first.
    public init(
        signing: [Signing], ed25519: [Signing] = [], authentication: WebhookAuthentication? = nil,
        tenantSignature: String? = nil
    ) {
        self.signing = signing
        self.ed25519 = ed25519
        self.authentication = authentication
        self.tenantSignature = tenantSignature
    }
}
