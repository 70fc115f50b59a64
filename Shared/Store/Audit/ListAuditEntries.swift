public import Postgres
public import Webhooks

/// The changes of a webhook, newest first by id.
public struct ListAuditEntries: Statement {
    public static let sql = """
        SELECT id, created_at, changed_by, changes FROM webhook_changes
         WHERE webhook_id = $1 AND id < $2 AND id BETWEEN $3 AND $4 AND tenant_id = $5  -- webhook_changes_pkey
         ORDER BY id DESC LIMIT $6
        """

    public let webhook: Webhook.ID
    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: AuditEntry.ID?
    public let created: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        of webhook: Webhook.ID, tenant: Tenant.ID, before: AuditEntry.ID? = nil,
        created: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.webhook = webhook
        self.tenant = tenant
        self.before = before
        self.created = created
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(webhook)
        parameters.append(before ?? .greatest)
        parameters.append(AuditEntry.ID.first(of: created.lowerBound))
        parameters.append(AuditEntry.ID.last(of: created.upperBound))
        parameters.append(tenant)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> AuditEntry {
        AuditEntry(id: try row.column(0), at: try row.column(1), by: try row.optional(2), changes: try row.column(3))
    }
}
