public import Postgres
public import Webhooks

/// Begins a replay; the shard's owner finds it within a second. No row: the webhook is deleted, or another tenant's.
///
/// After ``SetTenantContext``.
public struct CreateReplay: Statement {
    public static let sql = """
        INSERT INTO replays (id, tenant_id, webhook_id, shard, since, until, failed_only)
        SELECT $1, w.tenant_id, w.id, w.shard, $4, $5, $6 FROM webhooks w
         WHERE w.id = $2 AND w.tenant_id = $3 AND w.deleted_at IS NULL    -- webhooks_listed
        RETURNING id
        """

    public let id: Replay.ID
    public let webhook: Webhook.ID
    public let tenant: Tenant.ID
    public let span: ClosedRange<Instant>
    public let only: Replay.Choice

    public init(
        id: Replay.ID = Replay.ID(), webhook: Webhook.ID, tenant: Tenant.ID, span: ClosedRange<Instant>,
        only: Replay.Choice
    ) {
        self.id = id
        self.webhook = webhook
        self.tenant = tenant
        self.span = span
        self.only = only
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(webhook)
        parameters.append(tenant)
        parameters.append(span.lowerBound)
        parameters.append(span.upperBound)
        parameters.append(only == .failed)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Replay.ID { try row.column(0) }
}
