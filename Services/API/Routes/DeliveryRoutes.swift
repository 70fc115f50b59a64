import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// `/company/deliveries`: what is pending.
struct DeliveryRoutes: Sendable {
    let parts: APIParts

    static let notFound = Problem.notFound("There is no such pending delivery.")

    func list(_ request: Request, of tenant: Tenant) async throws -> Response {
        let query = try QueryParameters(request.uri)
        let page = try Page<Delivery>(
            query, list: "deliveries/\(tenant.id)", filters: ["webhookId", "state"], changes: true)
        var webhook: Webhook.ID?
        if let text = query.given("webhookId") {
            guard let id = Webhook.ID(text) else { throw QueryParameters.malformed("webhookId", "the id of a webhook") }
            webhook = id
        }
        let (_, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            ListDeliveries(
                shard: tenant.shard, tenant: tenant.id, before: page.before, webhook: webhook,
                state: try query.choice("state", of: PendingDelivery.State.allCases) { $0.rawValue },
                created: page.created ?? .always, updated: page.updated ?? .always, limit: page.fetchLimit))
        return page.response(rows, id: \.delivery.id) { writer, row in
            writer.object { writer in
                writer.member("id", row.delivery.id.description)
                writer.member("webhookId", row.delivery.webhookID.description)
                writer.member("eventId", row.delivery.eventID.description)
                writer.member("event", row.eventType)
                writer.member("state", row.state.rawValue)
                writer.member("attempt", row.delivery.attempts + 1)
                writer.member("dueAt", max(row.delivery.dueAt, row.delivery.notBefore ?? row.delivery.dueAt))
                writer.member("createdAt", Instant(milliseconds: row.delivery.id.ulid.milliseconds))
                writer.member("updatedAt", row.updatedAt)
            }
        }
    }

    func cancel(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        guard let id = id.flatMap(Delivery.ID.init) else { throw Self.notFound }
        let (_, cancelled) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), CancelDelivery(id: id, shard: tenant.shard, tenant: tenant.id))
        guard !cancelled.isEmpty else { throw Self.notFound }
        await parts.notifyWakes()
        return .noContent()
    }
}
