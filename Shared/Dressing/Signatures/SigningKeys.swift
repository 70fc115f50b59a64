import Webhooks

/// The decoded keys of a webhook, in the order of their entries in `webhook-signature`.
struct SigningKeys: Sendable {
    private struct Key<Value: Sendable>: Sendable {
        let value: Value
        let validUntil: Instant?

        func counts(at instant: Instant) -> Bool { validUntil.map { $0 > instant } ?? true }
    }

    private let secrets: [Key<StandardWebhooksSecret>]
    private let pairs: [Key<StandardWebhooksKeyPair>]

    init(
        _ given: WebhookSecrets, versions: [WebhookConfiguration.SignatureVersion]
    ) throws(PreparedWebhook.Failure) {
        var secrets: [Key<StandardWebhooksSecret>] = []
        for secret in given.signing where versions.contains(.v1) {
            let value = StandardWebhooksSecret(secret.text) ?? StandardWebhooksSecret(key: Array(secret.text.utf8))
            secrets.append(Key(value: value, validUntil: secret.validUntil))
        }
        var pairs: [Key<StandardWebhooksKeyPair>] = []
        for pair in given.ed25519 where versions.contains(.v1a) {
            guard let value = StandardWebhooksKeyPair(pair.text) else { throw .malformedKey }
            pairs.append(Key(value: value, validUntil: pair.validUntil))
        }
        guard secrets.contains(where: { $0.validUntil == nil }) || pairs.contains(where: { $0.validUntil == nil })
        else {
            throw .noSigningKey
        }
        self.secrets = secrets
        self.pairs = pairs
    }

    func signature(id: String, timestamp: Int64, content: [UInt8], at instant: Instant) -> String {
        if pairs.isEmpty, secrets.count == 1 {  // nearly always; a key that stands alone has no end
            return secrets[0].value.signature(id: id, timestamp: timestamp, body: content)
        }
        var entries: [String] = []
        for key in secrets where key.counts(at: instant) {
            entries.append(key.value.signature(id: id, timestamp: timestamp, body: content))
        }
        for key in pairs where key.counts(at: instant) {
            // Signing with a key that was accepted does not fail; if it does, the other entries still stand.
            guard let entry = try? key.value.signature(id: id, timestamp: timestamp, body: content) else { continue }
            entries.append(entry)
        }
        return entries.joined(separator: " ")
    }
}
