public import Postgres
public import Webhooks

/// A secret of a webhook as it is kept: sealed by `EncryptionKeys` with ``context``.
public struct SealedSecret: Sendable, Hashable {
    /// Raw values are those of `webhook_secrets.kind`.
    public enum Kind: Int16, Sendable, Hashable, CaseIterable {
        /// The text as shown (`whsec_…`), or `shopery`'s own.
        case signing = 0
        /// The `authentication` member as JSON text.
        case authentication
        /// The private half of the Ed25519 pair.
        case ed25519
    }

    public let webhookID: Webhook.ID
    public let kind: Kind
    public let sealed: [UInt8]
    /// What may be shown of it.
    public let hint: String?
    public let createdAt: Instant
    /// Nil: the current one; else it signs beside the current one until then.
    public let validUntil: Instant?

    public init(
        webhookID: Webhook.ID, kind: Kind, sealed: [UInt8], hint: String?, createdAt: Instant, validUntil: Instant?
    ) {
        self.webhookID = webhookID
        self.kind = kind
        self.sealed = sealed
        self.hint = hint
        self.createdAt = createdAt
        self.validUntil = validUntil
    }

    /// What it is bound to: another webhook's or kind's secret does not open with it.
    public var context: String { Self.context(of: kind, for: webhookID) }

    /// The context of a secret that is about to be sealed.
    public static func context(of kind: Kind, for webhook: Webhook.ID) -> String { "\(webhook)/\(kind.rawValue)" }
}

/// `int2`.
extension SealedSecret.Kind: PostgresConvertible {
    public var postgresValue: Int16 { rawValue }
    public init?(postgresValue: Int16) { self.init(rawValue: postgresValue) }
}
