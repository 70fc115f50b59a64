import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// `GET /company/webhooks/{id}/changes`: who changed what, and when.
struct ChangeRoutes: Sendable {
    let parts: APIParts

    func list(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let id = try WebhookRoutes.id(id)
        let page = try Page<AuditEntry>(try QueryParameters(request.uri), list: "changes/\(tenant.id)/\(id)")
        let (_, found, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id),
            ListAuditEntries(
                of: id, tenant: tenant.id, before: page.before, created: page.created ?? .always,
                limit: page.fetchLimit))
        guard !found.isEmpty else { throw WebhookRoutes.notFound }
        return page.response(rows, id: \.id) { writer, entry in
            writer.object { writer in
                writer.member("id", entry.id.description)
                writer.member("at", entry.at)
                writer.member("by", entry.by)
                writer.member("changes", raw: entry.changes.utf8)
            }
        }
    }
}
