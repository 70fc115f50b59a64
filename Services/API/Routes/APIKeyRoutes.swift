import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Tenancy
import Webhooks

/// `/company/api-keys`.
struct APIKeyRoutes: Sendable {
    let parts: APIParts

    static let notFound = Problem.notFound("There is no such API key.")

    func list(_ request: Request, of tenant: Tenant) async throws -> Response {
        let page = try Page<APIKey>(try QueryParameters(request.uri), list: "api-keys/\(tenant.id)")
        let (_, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            ListAPIKeys(
                tenant: tenant.id, before: page.before, created: page.created ?? .always, limit: page.fetchLimit))
        return page.response(rows, id: \.id) { writer, key in APIKeyRepresentation(key: key).write(to: &writer) }
    }

    /// The only answer that has the key.
    func create(_ request: Request, by caller: AccessToken, of tenant: Tenant) async throws -> Response {
        let document = try await request.document()
        let faults = Faults()
        guard let input = APIKeyInput(document.root, now: .now, latest: caller.latestGrant, faults: faults) else {
            throw faults.problem
        }
        let names = input.permissions.map(\.rawValue).sorted()
        if let missing = names.first(where: { name in !caller.permissions.contains { $0.rawValue == name } }) {
            throw Problem.forbidden(
                "The caller lacks the permission \(missing), and gives none that it lacks.", code: "missing_permission")
        }
        let secret = APIKeyText()
        let key = APIKey(
            tenantID: tenant.id, name: input.name, permissions: names, hint: Mask.hint(of: secret.text),
            createdBy: caller.subject, expiresAt: input.expiresAt)
        _ = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), CreateAPIKey(key, digest: secret.digest))
        var writer = JSONWriter()
        APIKeyRepresentation(key: key, text: secret.text).write(to: &writer)
        return .json(writer.bytes, status: .created, headers: [.cacheControl: "no-store"])
    }

    func delete(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        guard let id = id.flatMap(APIKey.ID.init) else { throw Self.notFound }
        let (_, deleted) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), DeleteAPIKey(id: id, tenant: tenant.id))
        guard !deleted.isEmpty else { throw Self.notFound }
        return .noContent()
    }
}
