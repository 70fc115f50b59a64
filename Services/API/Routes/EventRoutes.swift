import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// `/company/events`: reading. They are posted to the ingester.
struct EventRoutes: Sendable {
    let parts: APIParts

    static let notFound = Problem.notFound("There is no such event.")

    func list(_ request: Request, of tenant: Tenant) async throws -> Response {
        let query = try QueryParameters(request.uri)
        let page = try Page<Event>(query, list: "events/\(tenant.id)", filters: ["event", "resourceId"])
        let selection = EventSelection(
            shard: tenant.shard, tenant: tenant.id, before: page.before,
            type: query.text("event").map { parts.catalogue.type(named: $0)?.name ?? $0 },
            resourceID: query.text("resourceId"), created: page.created ?? .always, limit: page.fetchLimit)
        // Each way of asking has an index of its own.
        let byResource = selection.resourceID.map { $0.utf8.count <= ListEventsOfResource.longest } ?? false
        let byType = !byResource && selection.type != nil
        let (_, all, typed, ofResource) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), byResource || byType ? nil : ListEvents(selection),
            byType ? ListTypedEvents(selection) : nil, byResource ? ListEventsOfResource(selection) : nil)
        return page.response(all + typed + ofResource, id: \.id) { writer, row in
            EventRepresentation(row, catalogue: parts.catalogue).write(to: &writer)
        }
    }

    func one(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let key = try key(id, of: tenant)
        let (_, found) = try await parts.pool.transact(SetTenantContext(tenant: tenant.id), FindEvent(key))
        guard let event = found.first else { throw Self.notFound }
        var writer = JSONWriter(capacity: event.data.count + 512)
        EventRepresentation(event, catalogue: parts.catalogue).write(to: &writer)
        return .json(writer.bytes)
    }

    /// `GET …/{id}/deliveries`: pending and settled ones, each with its invocations.
    func deliveries(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let key = try key(id, of: tenant)
        let page = try Page<Delivery>(try QueryParameters(request.uri), list: "deliveries/\(tenant.id)/\(key.id)")
        let (_, found, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindEvent(key),
            ListDeliveriesOfEvent(
                key, before: page.before, created: page.created ?? .always, limit: page.fetchLimit))
        guard !found.isEmpty else { throw Self.notFound }
        let (_, invocations) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            FindInvocationsOfDeliveries(rows.prefix(page.limit).map(\.id), of: key))
        let byDelivery = Dictionary(grouping: invocations, by: \.deliveryID)
        return page.response(rows, id: \.id) { writer, row in
            EventDelivery(row, invocations: byDelivery[row.id] ?? []).write(to: &writer)
        }
    }

    private func key(_ id: String?, of tenant: Tenant) throws(Problem) -> EventKey {
        guard let id = id.flatMap(Event.ID.init) else { throw Self.notFound }
        return EventKey(shard: tenant.shard, tenantID: tenant.id, id: id)
    }
}
