import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// `/company/event-types`: what may happen. The catalogue's types, and those of the tenant's own.
struct EventTypeRoutes: Sendable {
    /// Types that a tenant may have of its own.
    static let limit = 1000

    let parts: APIParts

    static let notFound = Problem.notFound("There is no such event type.")
    private static let isBuiltIn = Problem.conflict(
        "The name belongs to a type of the catalogue, which cannot be changed.", code: "in_catalogue")

    /// By name; the only list that is not of ids.
    func list(_ request: Request, of tenant: Tenant) async throws -> Response {
        let query = try QueryParameters(request.uri)
        let page = try NamePage(query, list: "event-types/\(tenant.id)", filters: ["resource"])
        let (_, own) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindEventTypes(tenant: tenant.id))
        var all = own.map { EventTypeRepresentation(own: $0) }
        if page.created == nil { all += parts.catalogue.types.map { EventTypeRepresentation(builtIn: $0) } }
        let resource = query.text("resource")
        let rows = all.filter { type in
            page.includes(type.type.name, createdAt: type.createdAt)
                && (resource == nil || type.type.resource == resource)
        }.sorted { $0.type.name < $1.type.name }
        return page.response(rows, name: \.type.name) { writer, type in
            writer.object { type.writeMembers(to: &$0) }
        }
    }

    func one(_ request: Request, _ name: String?, of tenant: Tenant) async throws -> Response {
        guard let name = name.flatMap(QueryParameters.decodeSegment) else { throw Self.notFound }
        if let type = parts.catalogue.type(named: name) {
            return answer(EventTypeRepresentation(builtIn: type), of: tenant)
        }
        guard EventType.isValidName(name) else { throw Self.notFound }
        let (_, own) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindEventTypes(tenant: tenant.id, name: name))
        guard let type = own.first else { throw Self.notFound }
        return answer(EventTypeRepresentation(own: type), of: tenant)
    }

    func create(_ request: Request, of tenant: Tenant) async throws -> Response {
        let document = try await request.document()
        let faults = Faults()
        guard let input = EventTypeInput(document.root, faults: faults) else { throw faults.problem }
        guard parts.catalogue.type(named: input.type.name) == nil else { throw Self.isBuiltIn }
        let (_, _, made, known) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), LockTenant(id: tenant.id),
            CreateEventType(
                tenant: tenant.id, type: input.type, schema: input.schema, example: input.example, limit: Self.limit),
            FindEventTypes(tenant: tenant.id, name: input.type.name))
        guard let type = made.first else {
            guard known.isEmpty else {
                throw Problem.conflict("There is an event type of this name.", code: "event_type_exists")
            }
            faults.add("", .limitReached, "A tenant may have \(Self.limit) event types of its own.")
            throw faults.problem
        }
        return answer(
            EventTypeRepresentation(own: type), of: tenant, status: .created,
            headers: [.location: "/company/event-types/\(type.type.name)"])
    }

    /// Webhooks that name it keep the name, and get nothing by it.
    func delete(_ request: Request, _ name: String?, of tenant: Tenant) async throws -> Response {
        guard let name = name.flatMap(QueryParameters.decodeSegment) else { throw Self.notFound }
        guard parts.catalogue.type(named: name) == nil else { throw Self.isBuiltIn }
        guard EventType.isValidName(name) else { throw Self.notFound }
        let (_, deleted) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), DeleteEventType(tenant: tenant.id, name: name))
        guard !deleted.isEmpty else { throw Self.notFound }
        return .noContent()
    }

    private func answer(
        _ type: EventTypeRepresentation, of tenant: Tenant, status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var writer = JSONWriter()
        writer.object { writer in
            type.writeMembers(to: &writer)
            let example = type.example
            writer.member("schema", raw: type.schema ?? ExampleSchema.text(of: example))
            writer.member("example", raw: example)
            let payload = SampleEvent.payload(
                of: type.type, data: example, for: tenant, catalogue: parts.catalogue.adding([type.type]))
            writer.member("defaultPayload", raw: payload)
        }
        return .json(writer.bytes, status: status, headers: headers)
    }
}
