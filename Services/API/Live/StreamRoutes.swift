import HTTPTypes
import Hosting
import Hummingbird
import Postgres
import Store
import Tenancy
import Webhooks

/// What happens now, as server-sent events.
struct StreamRoutes: Sendable {
    /// A stream ends after so long, so that a token that is over, or was taken back, is asked for again.
    static let longest: Duration = .seconds(60)

    let parts: APIParts
    let counter = StreamCounter()

    /// `GET /company/webhooks/{id}/invocations/stream`.
    func invocations(
        _ request: Request, _ id: String?, by caller: AccessToken, of tenant: Tenant
    ) async throws -> Response {
        let webhook = try WebhookRoutes.id(id)
        // Before anything is read: a crowd that is too many costs nothing but this.
        guard let place = counter.enter(tenant.id) else {
            throw Problem.tooManyRequests(
                retryAfter: 5, detail: "Too many streams are open; a tenant has \(StreamCounter.limit) at most.")
        }
        let selection = InvocationSelection(
            shard: tenant.shard, tenant: tenant.id, webhook: webhook, limit: InvocationStream.window)
        let (_, found, known) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: webhook, tenant: tenant.id),
            ListInvocations(selection))
        guard !found.isEmpty else { throw WebhookRoutes.notFound }
        let stream = InvocationStream(
            pool: parts.pool, selection: selection, known: known,
            until: min(caller.expiresAt, .now + Self.longest), every: .seconds(1), place: place)
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .xAccelBuffering: "no"],
            body: ResponseBody(asyncSequence: stream))
    }
}

extension HTTPField.Name {
    /// `X-Accel-Buffering`: nginx passes each event on at once.
    fileprivate static let xAccelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
