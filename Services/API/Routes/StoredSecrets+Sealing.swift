import Store
import Webhooks

extension StoredSecrets {
    /// Opens what is kept of one webhook.
    /// - Throws: where a key is missing that sealed it.
    init(_ secrets: [SealedSecret], keys: EncryptionKeys) throws {
        func current(_ kind: SealedSecret.Kind) throws -> [UInt8]? {
            guard let secret = secrets.first(where: { $0.kind == kind && $0.validUntil == nil }) else { return nil }
            return try keys.open(secret.sealed, context: secret.context)
        }
        signing = try current(.signing).map { String(decoding: $0, as: UTF8.self) }
        authentication = try current(.authentication).flatMap { WebhookAuthentication(json: $0) }
        keyPair = try current(.ed25519).flatMap { StandardWebhooksKeyPair(String(decoding: $0, as: UTF8.self)) }
    }
}

/// Seals one webhook's secrets.
struct SecretSealer {
    let webhook: Webhook.ID
    let tenant: Tenant.ID
    let keys: EncryptionKeys

    func signing(_ secret: String) -> SaveWebhookSecret {
        save(.signing, Array(secret.utf8), hint: Mask.hint(of: secret))
    }

    /// The hint is the masked member itself, so that showing it opens nothing.
    func authentication(_ authentication: WebhookAuthentication) -> SaveWebhookSecret {
        save(.authentication, authentication.json, hint: AuthenticationMask.json(of: authentication))
    }

    /// A pair that is made now.
    func newKeyPair() -> SaveWebhookSecret { save(.ed25519, Array(StandardWebhooksKeyPair().text.utf8), hint: nil) }

    private func save(_ kind: SealedSecret.Kind, _ plaintext: [UInt8], hint: String?) -> SaveWebhookSecret {
        SaveWebhookSecret(
            webhook: webhook, tenant: tenant, kind: kind,
            sealed: keys.seal(plaintext, context: SealedSecret.context(of: kind, for: webhook)), hint: hint)
    }
}
