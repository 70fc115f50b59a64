public import Webhooks

/// One change of a webhook: who made it, when, and which members it touched.
public struct AuditEntry: Identified, Sendable, Hashable {
    public static let identifierPrefix = "chg"
    public typealias ID = Identifier<AuditEntry>

    public let id: ID
    public let at: Instant
    /// `sub` of the token; nil where it had none.
    public let by: String?
    /// JSON text: `[{"member","from","to"}]`.
    public let changes: String

    public init(id: ID, at: Instant, by: String?, changes: String) {
        self.id = id
        self.at = at
        self.by = by
        self.changes = changes
    }
}
