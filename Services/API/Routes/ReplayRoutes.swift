import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// Sending many events to a webhook again.
struct ReplayRoutes: Sendable {
    let parts: APIParts

    static let notFound = Problem.notFound("There is no such replay.")

    /// `POST /company/webhooks/{id}/replay`: the job is kept; the owner of the tenant's shard carries it out.
    func create(_ request: Request, _ webhook: String?, of tenant: Tenant) async throws -> Response {
        let webhook = try WebhookRoutes.id(webhook)
        let document = try await request.document()
        let (_, found) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: webhook, tenant: tenant.id))
        guard !found.isEmpty else { throw WebhookRoutes.notFound }
        let faults = Faults()
        guard let input = ReplayInput(document.root, now: .now, faults: faults) else { throw faults.problem }
        let (_, made) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            CreateReplay(webhook: webhook, tenant: tenant.id, span: input.span, only: input.only))
        guard let id = made.first else { throw WebhookRoutes.notFound }
        var writer = JSONWriter()
        writer.object { $0.member("id", id.description) }
        return .json(writer.bytes, status: .accepted, headers: [.location: "/company/replays/\(id)"])
    }

    /// `GET /company/replays/{id}`; also of a webhook that was deleted since.
    func one(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        guard let id = id.flatMap(Replay.ID.init) else { throw Self.notFound }
        let (_, found) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindReplay(id: id, tenant: tenant.id))
        guard let replay = found.first else { throw Self.notFound }
        var writer = JSONWriter()
        ReplayRepresentation(replay: replay).write(to: &writer)
        return .json(writer.bytes)
    }
}
