import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// Sending a sample: to a webhook, or to one that is not saved yet.
struct TestRoutes: Sendable {
    let parts: APIParts

    /// `POST /company/webhooks/{id}/test`: recorded in the history, counted nowhere.
    func saved(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let id = try WebhookRoutes.id(id)
        let document = try await request.optionalDocument()
        let (_, found, sealed, types, signature) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id),
            FindWebhookSecrets(webhooks: [id]), FindEventTypes(tenant: tenant.id), FindSignatureSecret(id: tenant.id))
        guard let webhook = found.first else { throw WebhookRoutes.notFound }
        let own = OwnTypes(types, beside: parts.catalogue)
        let faults = Faults()
        var wanted: EventType?
        if let document, let reader = MemberReader(document.root, known: ["event"], faults: faults) {
            wanted = Self.type(reader, tenant: tenant, own: own)
        }
        guard faults.isEmpty else { throw faults.problem }
        let type = wanted ?? own.first(of: webhook.configuration.events)
        let secrets = try WebhookSecrets(
            sealed, signature: SealedSignatureSecret(tenant: tenant.id, found: signature), keys: parts.keys)
        let invocation = try await parts.tests.send(
            TestSender.Sample(webhook: webhook, secrets: secrets, type: type, data: own.example(of: type)),
            of: tenant, catalogue: own.catalogue, newest: NewestData(pool: parts.pool, tenant: tenant))
        _ = try await parts.pool.transact(SetTenantContext(tenant: tenant.id), InsertInvocations([invocation]))
        return Self.answer(invocation, isSaved: true)
    }

    /// `POST /company/webhooks/test`: the members of a webhook, and `event` beside them. Recorded nowhere.
    func unsaved(_ request: Request, of tenant: Tenant) async throws -> Response {
        let document = try await request.document()
        let (_, types, signature) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindEventTypes(tenant: tenant.id), FindSignatureSecret(id: tenant.id))
        let own = OwnTypes(types, beside: parts.catalogue)
        let faults = Faults()
        var rules = parts.rules(for: tenant, catalogue: own.catalogue)
        rules.otherMembers = ["event"]
        let input = WebhookInput(document.root, rules: rules, stored: nil, faults: faults)
        var wanted: EventType?
        if document.root.isObject,
            let reader = MemberReader(document.root, known: WebhookInput.members.union(["event"]), faults: Faults())
        {
            wanted = Self.type(reader.noting(in: faults), tenant: tenant, own: own)
        }
        guard let input, faults.isEmpty else { throw faults.problem }
        let now = Instant.now
        let webhook = Webhook(
            id: Webhook.ID(), tenantID: tenant.id, shard: tenant.shard, configuration: input.configuration, version: 0,
            createdAt: now, updatedAt: now)
        var secrets = WebhookSecrets(
            signing: [WebhookSecrets.Signing(input.secret.text ?? StandardWebhooksSecret().text)],
            tenantSignature: SealedSignatureSecret(tenant: tenant.id, found: signature).opened(with: parts.keys))
        if input.wantsKeyPair { secrets.ed25519 = [WebhookSecrets.Signing(StandardWebhooksKeyPair().text)] }
        if case .given(let authentication) = input.authentication { secrets.authentication = authentication }
        let type = wanted ?? own.first(of: webhook.configuration.events)
        let invocation = try await parts.tests.send(
            TestSender.Sample(webhook: webhook, secrets: secrets, type: type, data: own.example(of: type)),
            of: tenant, catalogue: own.catalogue, newest: NewestData(pool: parts.pool, tenant: tenant))
        return Self.answer(invocation, isSaved: false)
    }

    private static func type(_ reader: MemberReader, tenant: Tenant, own: OwnTypes) -> EventType? {
        guard let name = reader.string("event", length: 1...200) else { return nil }
        return type(named: name, tenant: tenant, own: own, faults: reader.faults)
    }

    /// The type that a member `event` names; a fault where it is none.
    static func type(named name: String, tenant: Tenant, own: OwnTypes, faults: Faults) -> EventType? {
        if let type = own.catalogue.type(named: name) { return type }
        if tenant.settings.eventCatalogue == .open, let type = EventType(openName: name) { return type }
        faults.add("event", .unknownEvent, "`\(name)` is not in the event catalogue.")
        return nil
    }

    /// `ok` only on exactly 200.
    private static func answer(_ invocation: Invocation, isSaved: Bool) -> Response {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("ok", invocation.status == 200 && invocation.outcome == .succeeded)
            writer.name("invocation")
            InvocationRepresentation(invocation: invocation, isOfSaved: isSaved).write(to: &writer)
        }
        return .json(writer.bytes)
    }
}
