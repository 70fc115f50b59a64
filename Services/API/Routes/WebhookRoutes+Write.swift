import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// Making, changing and deleting webhooks.
extension WebhookRoutes {
    /// How often a change is tried anew when someone else's came first.
    private static let attempts = 5

    func create(_ request: Request, of tenant: Tenant) async throws -> Response {
        let document = try await request.document()
        let faults = Faults()
        let rules = parts.rules(for: tenant, catalogue: parts.catalogue.adding(try await ownTypes(of: tenant)))
        guard let input = WebhookInput(document.root, rules: rules, stored: nil, faults: faults)
        else {
            throw faults.problem
        }
        let id = Webhook.ID()
        let sealer = SecretSealer(webhook: id, tenant: tenant.id, keys: parts.keys)
        let secret = input.secret.text ?? StandardWebhooksSecret().text
        let limit = tenant.settings.maxWebhooks
        let authentication: SaveWebhookSecret? =
            if case .given(let given) = input.authentication { sealer.authentication(given) } else { nil }
        let made: [Webhook]
        do {
            (_, _, made, _, _, _, _) = try await parts.pool.transact(
                SetTenantContext(tenant: tenant.id),
                limit == nil ? nil : LockTenant(id: tenant.id),
                CreateWebhook(id: id, tenant: tenant.id, configuration: input.configuration, limit: limit),
                RequireWebhook(id: id, tenant: tenant.id),
                sealer.signing(secret), authentication,
                input.wantsKeyPair ? sealer.keyPair() : nil)
        } catch {
            guard error.sqlState == .webhookChanged else { throw error }
            faults.add("", .limitReached, "This tenant may have \(limit ?? 0) webhooks.")
            throw faults.problem
        }
        guard let webhook = made.first else { throw Self.notFound }
        await parts.notifyWakes()
        return try await answer(webhook, of: tenant, status: .created, secret: secret)
    }

    func replace(_ request: Request, _ id: String?, of tenant: Tenant, by caller: String?) async throws -> Response {
        let id = try Self.id(id)
        let document = try await request.document()
        return try await change(request, id, of: tenant, by: caller) { _ in (document, false) }
    }

    func patch(_ request: Request, _ id: String?, of tenant: Tenant, by caller: String?) async throws -> Response {
        let id = try Self.id(id)
        let patch = try await request.document(isPatch: true).root
        guard patch.isObject else {
            let faults = Faults()
            faults.add("", .wrongType, "An object is needed, not \(patch.kindName).")
            throw faults.problem
        }
        let renewsSecret = patch.member("secret")?.isNull == true
        return try await change(request, id, of: tenant, by: caller) { current in
            let kind = patch.member("authentication")?.member("type")?.string
            let keepsKind = kind == nil || kind == current.secrets.authentication?.kind.rawValue
            let base = ConfigurationWriter(
                current.webhook.configuration, authentication: keepsKind ? current.masked : nil)
            let merged = MergePatch.merge(patch, into: try JSONDocument(parsing: base.stored).root)
            return (try JSONDocument(parsing: merged), renewsSecret)
        }
    }

    func delete(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let id = try Self.id(id)
        for _ in 0..<Self.attempts {
            var version: Int64?
            if request.headers[.ifMatch] != nil {
                let (_, found) = try await parts.pool.transact(
                    SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id))
                guard let webhook = found.first else { throw Self.notFound }
                try EntityTag.check(request, webhook)
                version = webhook.version
            }
            let (_, deleted) = try await parts.pool.transact(
                SetTenantContext(tenant: tenant.id), DeleteWebhook(id: id, tenant: tenant.id, version: version))
            if !deleted.isEmpty {
                await parts.notifyWakes()
                return .noContent()
            }
            guard version != nil else { throw Self.notFound }  // else somebody changed it since it was read
        }
        throw Self.busy
    }

    /// Reads, lets `edit` say what the whole webhook shall be, checks, and writes if nobody else has written meanwhile.
    private func change(
        _ request: Request, _ id: Webhook.ID, of tenant: Tenant, by caller: String?,
        edit: (CurrentWebhook) throws -> (whole: JSONDocument, renewsSecret: Bool)
    ) async throws -> Response {
        let catalogue = parts.catalogue.adding(try await ownTypes(of: tenant))
        for _ in 0..<Self.attempts {
            let current = try await CurrentWebhook(id, of: tenant, parts: parts)
            try EntityTag.check(request, current.webhook)
            let (document, renewsSecret) = try edit(current)
            var secrets = current.secrets
            if renewsSecret { secrets.signing = nil }
            let faults = Faults()
            var rules = parts.rules(for: tenant, catalogue: catalogue)
            rules.keptEvents = Set(current.webhook.configuration.events)
            rules.keptQuery = current.webhook.configuration.payloadQuery
            guard var input = WebhookInput(document.root, rules: rules, stored: secrets, faults: faults) else {
                throw faults.problem
            }
            if renewsSecret { input.secret = .given(StandardWebhooksSecret().text) }
            if let changed = try await WebhookUpdate(current, input, of: tenant, by: caller, parts: parts).run() {
                return try await answer(changed, of: tenant)
            }
        }
        throw Self.busy
    }
}
