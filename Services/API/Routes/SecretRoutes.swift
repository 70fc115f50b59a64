import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// Secrets in clear, and replacing them: of webhooks, and the tenant's own.
struct SecretRoutes: Sendable {
    /// How often a rotation is tried anew when someone else's change of the webhook came first.
    private static let attempts = 5

    let parts: APIParts

    /// `GET …/{id}/secret`.
    func one(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let id = try WebhookRoutes.id(id)
        let (_, found, sealed) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id),
            FindWebhookSecrets(webhooks: [id]))
        guard !found.isEmpty else { throw WebhookRoutes.notFound }
        let secrets = try StoredSecrets(sealed, keys: parts.keys)
        return Self.answer(secrets.signing, secrets.keyPair, previousValidUntil: Self.lastEnd(of: sealed))
    }

    /// `POST …/{id}/secret/rotate`. Of a webhook that signs with `v1a` the Ed25519 pair is replaced too.
    func rotate(_ request: Request, _ id: String?, of tenant: Tenant, by caller: String?) async throws -> Response {
        let id = try WebhookRoutes.id(id)
        let document = try await request.optionalDocument()
        for _ in 0..<Self.attempts {
            let current = try await CurrentWebhook(id, of: tenant, parts: parts)
            let webhook = current.webhook
            let faults = Faults()
            let dialect = parts.rules(for: tenant).dialect(webhook.configuration.dialect)
            let input =
                document.map {
                    RotationInput($0.root, dialect: dialect, current: current.secrets.signing, faults: faults)
                } ?? RotationInput()
            guard let input else { throw faults.problem }
            let secret = input.secret ?? StandardWebhooksSecret().text
            let overlap = input.overlap > .zero ? Instant.now + input.overlap : nil
            let sealer = SecretSealer(webhook: id, tenant: tenant.id, keys: parts.keys)
            let pair = current.secrets.keyPair.map { _ in StandardWebhooksKeyPair() }
            let change = Difference.ofSecret(from: current.secrets.signing, to: secret)
            do {
                _ = try await parts.pool.transact(
                    SetTenantContext(tenant: tenant.id), LockTenant(id: tenant.id),
                    RequireWebhook(id: id, tenant: tenant.id, version: webhook.version),
                    UpdateWebhook(
                        id: id, tenant: tenant.id, version: webhook.version, configuration: webhook.configuration,
                        disabledReason: webhook.disabledReason),
                    sealer.signing(secret, overlap: overlap), pair.map { sealer.keyPair($0, overlap: overlap) },
                    InsertAuditEntry(webhook: id, tenant: tenant.id, by: caller, changes: change))
            } catch {
                guard error.sqlState == .webhookChanged else { throw error }
                continue
            }
            await parts.notifyWakes()
            let ends = [overlap, current.previousValidUntil].compactMap(\.self)
            return Self.answer(secret, pair, previousValidUntil: overlap == nil ? nil : ends.max())
        }
        throw WebhookRoutes.busy
    }

    /// When the last of the secrets that still sign beside the current one ends; nil: the current one signs alone.
    static func lastEnd(of secrets: [SealedSecret]) -> Instant? {
        secrets.filter { $0.kind == .signing }.compactMap(\.validUntil).filter { $0 > .now }.max()
    }

    private static func answer(
        _ secret: String?, _ pair: StandardWebhooksKeyPair?, previousValidUntil: Instant?
    ) -> Response {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("secret", secret)
            writer.member("publicKey", pair?.publicKey.text)
            writer.member("previousValidUntil", previousValidUntil)
        }
        return .json(writer.bytes, headers: [.cacheControl: "no-store"])
    }

    // MARK: The tenant's signature secret

    /// `GET /company/signature-secret`.
    func signatureSecret(_ request: Request, of tenant: Tenant) async throws -> Response {
        let (_, found) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindSignatureSecret(id: tenant.id))
        let sealed = found.first.flatMap(\.self)
        guard let sealed else { throw TenantRoutes.notFound }
        let plain = try parts.keys.open(sealed, context: tenant.id.description)
        return Self.answer(signatureSecret: String(decoding: plain, as: UTF8.self))
    }

    /// `POST /company/signature-secret/rotate`: the next request is signed with the new one.
    func rotateSignatureSecret(_ request: Request, of tenant: Tenant) async throws -> Response {
        let document = try await request.optionalDocument()
        let faults = Faults()
        var given: String?
        if let document, let reader = MemberReader(document.root, known: ["signatureSecret"], faults: faults) {
            given = TenantInput.signatureSecret(reader)
        }
        guard faults.isEmpty else { throw faults.problem }
        let secret = given ?? TenantRoutes.newSignatureSecret()
        let (_, saved) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            SaveSignatureSecret(
                id: tenant.id, sealed: parts.keys.seal(Array(secret.utf8), context: tenant.id.description)))
        guard !saved.isEmpty else { throw TenantRoutes.notFound }
        await parts.notifyWakes()
        return Self.answer(signatureSecret: secret)
    }

    private static func answer(signatureSecret: String) -> Response {
        var writer = JSONWriter()
        writer.object { $0.member("signatureSecret", signatureSecret) }
        return .json(writer.bytes, headers: [.cacheControl: "no-store"])
    }
}
