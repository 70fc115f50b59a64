import Postgres
import Store
import Webhooks

/// A webhook with its secrets, as they were read before a change.
struct CurrentWebhook {
    let webhook: Webhook
    let secrets: StoredSecrets
    /// `authentication` as answers show it: JSON text.
    let masked: String?
    /// Until when secrets before the current one sign too; nil: it signs alone.
    let previousValidUntil: Instant?

    init(_ id: Webhook.ID, of tenant: Tenant, parts: APIParts) async throws {
        let (_, found, sealed) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id),
            FindWebhookSecrets(webhooks: [id]))
        guard let webhook = found.first else { throw WebhookRoutes.notFound }
        self.webhook = webhook
        secrets = try StoredSecrets(sealed, keys: parts.keys)
        masked = sealed.first { $0.kind == .authentication }?.hint
        previousValidUntil = SecretRoutes.lastEnd(of: sealed)
    }
}

/// The writes that one checked change needs, in one transaction.
struct WebhookUpdate {
    let current: CurrentWebhook
    let input: WebhookInput
    let tenant: Tenant
    /// Who changes it.
    let caller: String?
    let parts: APIParts

    init(
        _ current: CurrentWebhook, _ input: WebhookInput, of tenant: Tenant, by caller: String?, parts: APIParts
    ) {
        self.current = current
        self.input = input
        self.tenant = tenant
        self.caller = caller
        self.parts = parts
    }

    /// The webhook as it is now; nil where someone else's change came first, and nothing was written.
    func run() async throws -> Webhook? {
        let webhook = current.webhook
        let sealer = SecretSealer(webhook: webhook.id, tenant: webhook.tenantID, keys: parts.keys)
        let signing = newSecret.map { sealer.signing($0) }
        let authentication: SaveWebhookSecret? =
            if case .given(let given) = input.authentication { sealer.authentication(given) } else { nil }
        let hasKeyPair = current.secrets.keyPair != nil
        let keyPair = input.wantsKeyPair && !hasKeyPair ? sealer.keyPair() : nil
        let losesAuthentication = input.authentication == .none && current.secrets.authentication != nil
        let losesKeyPair = !input.wantsKeyPair && hasKeyPair
        let isUnchanged =
            input.configuration == webhook.configuration && signing == nil && authentication == nil && keyPair == nil
            && !losesAuthentication && !losesKeyPair
        if isUnchanged { return webhook }
        let changes = difference
        // What is sent back as it was shown has changed nothing that anybody would look for.
        let audit =
            changes == "[]"
            ? nil : InsertAuditEntry(webhook: webhook.id, tenant: webhook.tenantID, by: caller, changes: changes)
        do {
            let (_, _, _, changed, _, _, _, _, _, _) = try await parts.pool.transact(
                SetTenantContext(tenant: webhook.tenantID), LockTenant(id: webhook.tenantID),
                RequireWebhook(id: webhook.id, tenant: webhook.tenantID, version: webhook.version),
                UpdateWebhook(
                    id: webhook.id, tenant: webhook.tenantID, version: webhook.version,
                    configuration: input.configuration,
                    disabledReason: input.configuration.isEnabled ? nil : webhook.disabledReason),
                signing, authentication, keyPair,
                losesAuthentication ? forget(.authentication) : nil, losesKeyPair ? forget(.ed25519) : nil, audit)
            await parts.notifyWakes()
            return changed.first
        } catch {
            guard error.sqlState == .webhookChanged else { throw error }
            return nil
        }
    }

    private var difference: String {
        let rules = parts.rules(for: tenant)
        func side(_ configuration: WebhookConfiguration, _ authentication: String?) -> Difference.Side {
            Difference.Side(
                configuration: configuration, dialect: rules.dialect(configuration.dialect),
                authentication: authentication)
        }
        let authentication: String? =
            switch input.authentication {
            case .none: nil
            case .unchanged: current.masked
            case .given(let given): AuthenticationMask.json(of: given)
            }
        var replacesAuthentication = false
        if case .given = input.authentication { replacesAuthentication = true }
        return Difference.between(
            side(current.webhook.configuration, current.masked), side(input.configuration, authentication),
            replacesAuthentication: replacesAuthentication,
            secret: newSecret.map { (current.secrets.signing.map(Mask.hint), Mask.hint(of: $0)) })
    }

    /// Nil where the stored one stays.
    private var newSecret: String? { input.secret.text == current.secrets.signing ? nil : input.secret.text }

    private func forget(_ kind: SealedSecret.Kind) -> DeleteWebhookSecrets {
        DeleteWebhookSecrets(webhook: current.webhook.id, tenant: current.webhook.tenantID, kind: kind)
    }
}
