import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// The history of requests, and sending one of them again.
struct InvocationRoutes: Sendable {
    let parts: APIParts

    static let notFound = Problem.notFound("There is no such invocation.")

    /// `GET /company/webhooks/{id}/invocations`.
    func list(_ request: Request, _ webhook: String?, of tenant: Tenant) async throws -> Response {
        let webhook = try WebhookRoutes.id(webhook)
        let query = try QueryParameters(request.uri)
        let page = try Page<Invocation>(
            query, list: "invocations/\(tenant.id)/\(webhook)", filters: ["outcome", "event"])
        let outcome = try query.choice("outcome", of: Outcome.allCases) { $0.name }
        let event = query.text("event").map { parts.catalogue.type(named: $0)?.name ?? $0 }
        var selection = InvocationSelection(
            shard: tenant.shard, tenant: tenant.id, webhook: webhook, before: page.before, outcome: outcome,
            eventType: event, created: page.created ?? .always, limit: page.fetchLimit)
        // What is looked for may be rare: a page looks at so much and no more, and the next one goes on there.
        if event != nil || outcome.map({ $0 != .failed }) ?? false {
            let (_, end) = try await parts.pool.transact(
                SetTenantContext(tenant: tenant.id), FindScanEnd(selection))
            selection.scanEnd = end.first
        }
        // Failures are rare: they have an index of their own.
        let isFailure = outcome != nil && outcome != .succeeded
        let (_, found, rows, failures) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: webhook, tenant: tenant.id),
            isFailure ? nil : ListInvocations(selection), isFailure ? ListUnsuccessfulInvocations(selection) : nil)
        guard !found.isEmpty else { throw WebhookRoutes.notFound }
        return page.response(rows + failures, id: \.id, continuingAt: selection.scanEnd) { writer, invocation in
            InvocationRepresentation(invocation: invocation).write(to: &writer)
        }
    }

    /// `GET /company/invocations/{id}`. The history of a deleted webhook is gone at once.
    func one(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        guard let id = id.flatMap(Invocation.ID.init) else { throw Self.notFound }
        let (_, found) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindInvocation(id: id, shard: tenant.shard, tenant: tenant.id))
        guard let invocation = found.first else { throw Self.notFound }
        let (_, webhook) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: invocation.webhookID, tenant: tenant.id))
        guard !webhook.isEmpty else { throw Self.notFound }
        var writer = JSONWriter()
        InvocationRepresentation(invocation: invocation).write(to: &writer)
        return .json(writer.bytes)
    }

    /// `POST /company/invocations/{id}/retry`: a delivery of its own, beside what is owed already.
    func retry(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        guard let id = id.flatMap(Invocation.ID.init) else { throw Self.notFound }
        let (_, found) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindInvocation(id: id, shard: tenant.shard, tenant: tenant.id))
        guard let invocation = found.first else { throw Self.notFound }
        let key = invocation.eventID.map { EventKey(shard: tenant.shard, tenantID: tenant.id, id: $0) }
        let (_, webhooks, events) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: invocation.webhookID, tenant: tenant.id),
            key.map(FindEvent.init))
        guard let webhook = webhooks.first else { throw Self.notFound }
        guard key != nil else { throw Self.hasNoEvent }
        guard let event = events.first else { throw Self.eventIsGone }
        let orderKey = webhook.subscription.orderKey(
            of: event.id, resource: parts.catalogue.resource(ofType: event.type, id: event.resourceID))
        let (_, made) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            RetryDelivery(event: event.id, to: webhook.id, of: tenant.id, orderKey: orderKey))
        guard let delivery = made.first else { throw Self.notFound }
        await parts.notifyWakes()
        var writer = JSONWriter()
        writer.object { $0.member("deliveryId", delivery.description) }
        return .json(writer.bytes, status: .accepted)
    }

    private static let hasNoEvent = Problem.conflict(
        "A test send has no event that could be sent again; test the webhook once more.", code: "no_event")
    private static let eventIsGone = Problem.notFound(
        "The event is no longer stored, so it cannot be sent again.", code: "event_gone")
}
