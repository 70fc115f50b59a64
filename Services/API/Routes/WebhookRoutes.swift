import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// `/company/webhooks`: reading. Every transaction begins with the tenant's context (row-level security).
struct WebhookRoutes: Sendable {
    let parts: APIParts

    /// The same for an id that never was, is malformed, or is another tenant's.
    static let notFound = Problem.notFound("There is no such webhook.")

    static let busy = Problem.conflict("The webhook is being changed by others; try again.", code: "busy")

    static func id(_ text: String?) throws(Problem) -> Webhook.ID {
        guard let id = text.flatMap(Webhook.ID.init) else { throw notFound }
        return id
    }

    func list(_ request: Request, of tenant: Tenant) async throws -> Response {
        let query = try QueryParameters(request.uri)
        let page = try Page<Webhook>(
            query, list: "webhooks/\(tenant.id)", filters: ["search", "status", "resource", "event"], changes: true)
        let names = ["search", "event", "resource"]
        let own = names.contains { query.text($0) != nil } ? try await ownTypes(of: tenant) : []
        var filter = try filter(query, page, catalogue: parts.catalogue.adding(own))
        if tenant.settings.eventCatalogue == .open, let resource = query.text("resource") {
            filter.resource = filter.resource.map { $0 + EventPattern.covering(resource + "-") }
            filter.openResource = EventPattern.openNames(ofResource: resource)
        }
        let statement = ListWebhooks(
            tenant: tenant.id, before: page.before, filter: filter, limit: page.fetchLimit)
        let (_, rows) = try await parts.pool.transact(SetTenantContext(tenant: tenant.id), statement)
        let shown = try await represent(Array(rows.prefix(page.limit)), of: tenant)
        let byID = Dictionary(uniqueKeysWithValues: shown.map { ($0.webhook.id, $0) })
        return page.response(rows, id: \.id) { writer, webhook in byID[webhook.id]?.write(to: &writer) }
    }

    /// Event types of the tenant's own.
    func ownTypes(of tenant: Tenant) async throws -> [EventType] {
        let (_, types) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindEventTypes(tenant: tenant.id))
        return types.map(\.type)
    }

    private func filter(
        _ query: QueryParameters, _ page: Page<Webhook>, catalogue: EventCatalogue
    ) throws(Problem) -> ListWebhooks.Filter {
        var filter = ListWebhooks.Filter()
        filter.status = try query.choice("status", of: Webhook.Status.allCases) { $0.rawValue }
        filter.created = page.created ?? .always
        filter.updated = page.updated ?? .always
        if let search = query.text("search") {
            guard search.unicodeScalars.count <= 200 else {
                throw QueryParameters.malformed("search", "at most 200 characters")
            }
            filter.search = search
            let wanted = search.lowercased()
            filter.searchedEvents = catalogue.patterns { type in
                ([type.resource, type.name] + type.aliases).contains { $0.lowercased().contains(wanted) }
            }
        }
        if let event = query.text("event") {
            let name = catalogue.type(named: event)?.name ?? event
            filter.event =
                catalogue.type(named: name)?.isOperational == true ? [name] : EventPattern.covering(name)
        }
        if let resource = query.text("resource") {
            filter.resource = catalogue.patterns { $0.resource == resource }
        }
        return filter
    }

    func one(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let id = try Self.id(id)
        let (_, found) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id))
        guard let webhook = found.first else { throw Self.notFound }
        return try await answer(webhook, of: tenant)
    }

    /// The whole webhook, with its `ETag`.
    func answer(
        _ webhook: Webhook, of tenant: Tenant, status: HTTPResponse.Status = .ok, secret: String? = nil
    ) async throws -> Response {
        guard var shown = try await represent([webhook], of: tenant).first else { throw Self.notFound }
        shown.secret = secret
        var writer = JSONWriter()
        shown.write(to: &writer)
        var headers: HTTPFields = [.eTag: EntityTag.text(webhook)]
        if status == .created { headers[.location] = "/company/webhooks/\(webhook.id)" }
        if secret != nil { headers[.cacheControl] = "no-store" }
        return .json(writer.bytes, status: status, headers: headers)
    }

    /// Adds what other tables hold: hints of secrets, the latest request.
    private func represent(_ webhooks: [Webhook], of tenant: Tenant) async throws -> [WebhookRepresentation] {
        let ids = webhooks.map(\.id)
        let (_, secrets, latest) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhookSecrets(webhooks: ids),
            FindLastInvocations(of: ids, shard: tenant.shard, tenant: tenant.id))
        let rules = parts.rules(for: tenant)
        return webhooks.map { webhook in
            let own = secrets.filter { $0.webhookID == webhook.id && $0.validUntil == nil }
            return WebhookRepresentation(
                webhook: webhook, dialect: rules.dialect(webhook.configuration.dialect),
                secretHint: own.first { $0.kind == .signing }?.hint,
                authentication: own.first { $0.kind == .authentication }?.hint,
                lastInvocation: latest.first { $0.webhookID == webhook.id }.map { InvocationSummary($0) })
        }
    }
}
