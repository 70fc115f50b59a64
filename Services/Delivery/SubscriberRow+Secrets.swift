import Store
import Webhooks

extension SubscriberRow {
    /// Why a webhook cannot be dressed.
    struct UnreadableAuthentication: Error {}

    /// What its requests are signed and authenticated with, in the clear.
    ///
    /// - Throws: ``EncryptionKeys/Failure`` where a key is missing or a sealed secret was altered.
    func openSecrets(with keys: EncryptionKeys) throws -> WebhookSecrets {
        // One that cannot be opened holds up only webhooks that sign with it.
        let signature = signatureSecret.flatMap { try? keys.open($0, context: webhook.tenantID.description) }
        var opened = WebhookSecrets(
            signing: [], tenantSignature: signature.map { String(decoding: $0, as: UTF8.self) })
        for secret in secrets {
            let plain = try keys.open(secret.sealed, context: secret.context)
            let signing = WebhookSecrets.Signing(String(decoding: plain, as: UTF8.self), validUntil: secret.validUntil)
            switch secret.kind {
            case .signing: opened.signing.append(signing)
            case .ed25519: opened.ed25519.append(signing)
            case .authentication:
                guard let authentication = WebhookAuthentication(json: plain) else { throw UnreadableAuthentication() }
                opened.authentication = authentication
            }
        }
        return opened
    }
}
