import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// `/admin/tenants`: of the platform's operator, without a tenant's context but where webhooks are touched.
struct TenantRoutes: Sendable {
    private static let attempts = 5
    /// Bytes of a generated signature secret, before base64.
    private static let secretSize = 32

    let parts: APIParts

    static let notFound = Problem.notFound("There is no such tenant.")

    func list(_ request: Request) async throws -> Response {
        let page = try Page<Tenant>(try QueryParameters(request.uri), list: "tenants", changes: true)
        let rows = try await parts.pool.execute(
            ListTenants(
                before: page.before, created: page.created ?? .always, updated: page.updated ?? .always,
                limit: page.fetchLimit))
        return page.response(rows.map(\.tenant), id: \.id) { writer, tenant in
            TenantRepresentation(tenant: tenant).write(to: &writer)
        }
    }

    func create(_ request: Request) async throws -> Response {
        let document = try await request.document()
        let faults = Faults()
        guard let input = TenantInput(document.root, isNew: true, faults: faults), let identifier = input.identifier
        else { throw faults.problem }
        let id = Tenant.ID()
        let secret = input.signatureSecret ?? Self.newSignatureSecret()
        let made = try await parts.pool.execute(
            CreateTenant(
                id: id, identifier: identifier, name: input.name, settings: input.settings,
                signatureSecret: parts.keys.seal(Array(secret.utf8), context: id.description)))
        guard let tenant = made.first?.tenant else {
            throw Problem.conflict("The identifier is taken; none is given twice.", code: "identifier_taken")
        }
        var writer = JSONWriter()
        TenantRepresentation(tenant: tenant, signatureSecret: secret).write(to: &writer)
        return .json(
            writer.bytes, status: .created,
            headers: [.location: "/admin/tenants/\(identifier)", .cacheControl: "no-store"])
    }

    func one(_ request: Request, _ identifier: String?) async throws -> Response {
        answer(try await find(identifier).tenant)
    }

    func patch(_ request: Request, _ identifier: String?) async throws -> Response {
        let patch = try await request.document(isPatch: true).root
        for _ in 0..<Self.attempts {
            let current = try await find(identifier)
            let document = patch.isObject ? try merge(patch, into: current.tenant) : nil
            let faults = Faults()
            guard let input = TenantInput(document?.root ?? patch, isNew: false, faults: faults) else {
                throw faults.problem
            }
            let tenant = current.tenant
            if input.name == tenant.name, input.settings == tenant.settings { return answer(tenant) }
            let (_, changed) = try await parts.pool.transact(
                SetTenantContext(tenant: tenant.id),
                UpdateTenant(
                    id: tenant.id, name: input.name, settings: input.settings, version: current.webhooksVersion))
            guard let changed = changed.first else { continue }
            await parts.notifyWakes()
            return answer(changed.tenant)
        }
        throw Problem.conflict("The tenant is being changed by others; try again.", code: "busy")
    }

    func delete(_ request: Request, _ identifier: String?) async throws -> Response {
        let tenant = try await find(identifier).tenant
        let (_, deleted) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), DeleteTenant(id: tenant.id))
        guard !deleted.isEmpty else { throw Self.notFound }
        await parts.notifyWakes()
        return .noContent()
    }

    private func find(_ identifier: String?) async throws -> TenantRecord {
        guard let identifier, Tenant.isValidIdentifier(identifier),
            let record = try await parts.pool.execute(FindTenant(identifier: identifier)).first
        else { throw Self.notFound }
        return record
    }

    private func merge(_ patch: JSONValue, into tenant: Tenant) throws -> JSONDocument {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", tenant.name)
            writer.member("settings", raw: SettingsWriter(tenant.settings).stored)
        }
        let merged = MergePatch.merge(patch, into: try JSONDocument(parsing: writer.bytes).root)
        return try JSONDocument(parsing: merged)
    }

    private func answer(_ tenant: Tenant) -> Response {
        var writer = JSONWriter()
        TenantRepresentation(tenant: tenant).write(to: &writer)
        return .json(writer.bytes)
    }

    static func newSignatureSecret() -> String {
        var random = SystemRandomNumberGenerator()
        return Base64.encode((0..<secretSize).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }
}
