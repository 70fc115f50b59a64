public import Webhooks

/// What is new of one tenant: one row for each webhook that was made, changed or deleted, and one without a webhook
/// where there is none.
public struct WebhookChange: Sendable {
    public let tenantID: Tenant.ID
    /// The tenant's `webhooks_version` in the snapshot of this row: all changes up to it are among the rows.
    public let tenantVersion: Int64
    /// Nil: nothing has changed.
    public let webhook: Webhook?
    public let isDeleted: Bool
}
