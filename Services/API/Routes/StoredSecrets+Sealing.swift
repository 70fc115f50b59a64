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

extension WebhookSecrets {
    /// Opens what is kept of one webhook, secrets that still sign beside the current one included, and the tenant's.
    /// - Throws: where a key is missing that sealed it.
    init(_ secrets: [SealedSecret], signature: SealedSignatureSecret? = nil, keys: EncryptionKeys) throws {
        self.init(signing: [], tenantSignature: signature?.opened(with: keys))
        for secret in secrets {
            let plain = try keys.open(secret.sealed, context: secret.context)
            let text = String(decoding: plain, as: UTF8.self)
            switch secret.kind {
            case .signing: signing.append(Signing(text, validUntil: secret.validUntil))
            case .ed25519: ed25519.append(Signing(text, validUntil: secret.validUntil))
            case .authentication: authentication = WebhookAuthentication(json: plain)
            }
        }
    }
}

/// A tenant's signature secret as it is kept.
struct SealedSignatureSecret {
    let tenant: Tenant.ID
    /// Rows of ``Store/FindSignatureSecret``.
    let found: [[UInt8]?]

    /// Nil where there is none, or none that can be opened: that is for webhooks which sign with it to mind.
    func opened(with keys: EncryptionKeys) -> String? {
        found.first.flatMap(\.self).flatMap { try? keys.open($0, context: tenant.description) }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Seals one webhook's secrets.
struct SecretSealer {
    let webhook: Webhook.ID
    let tenant: Tenant.ID
    let keys: EncryptionKeys

    /// - Parameter overlap: until when the one before it signs too; nil: it goes.
    func signing(_ secret: String, overlap: Instant? = nil) -> SaveWebhookSecret {
        save(.signing, Array(secret.utf8), hint: Mask.hint(of: secret), overlap: overlap)
    }

    /// The hint is the masked member itself, so that showing it opens nothing.
    func authentication(_ authentication: WebhookAuthentication) -> SaveWebhookSecret {
        save(.authentication, authentication.json, hint: AuthenticationMask.json(of: authentication))
    }

    /// A pair that is made now.
    func keyPair(_ pair: StandardWebhooksKeyPair = StandardWebhooksKeyPair(), overlap: Instant? = nil)
        -> SaveWebhookSecret
    {
        save(.ed25519, Array(pair.text.utf8), hint: nil, overlap: overlap)
    }

    private func save(
        _ kind: SealedSecret.Kind, _ plaintext: [UInt8], hint: String?, overlap: Instant? = nil
    ) -> SaveWebhookSecret {
        SaveWebhookSecret(
            webhook: webhook, tenant: tenant, kind: kind,
            sealed: keys.seal(plaintext, context: SealedSecret.context(of: kind, for: webhook)), hint: hint,
            previousValidUntil: overlap)
    }
}
