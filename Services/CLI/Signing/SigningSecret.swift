import Webhooks

/// A secret as it is given at a terminal: `whsec_…` of any length, `whsk_…`, or plain text.
struct SigningSecret {
    /// What it is to Standard Webhooks.
    enum Key {
        case symmetric(StandardWebhooksSecret)
        case pair(StandardWebhooksKeyPair)
    }

    /// As given: what other dialects use.
    let text: String
    let key: Key

    /// Of a dialect that takes the text as it is, whatever it looks like.
    init(plain text: String) {
        self.text = text
        key = .symmetric(StandardWebhooksSecret(key: Array(text.utf8)))
    }

    init(parsing text: String) throws {
        self.text = text
        if text.hasPrefix("whsk_") {
            guard let pair = StandardWebhooksKeyPair(text) else {
                throw CommandFailure("a whsk_ secret is base64 of 32 or 64 bytes")
            }
            key = .pair(pair)
        } else if text.hasPrefix("whsec_") {
            guard let bytes = Base64.decode(text.dropFirst(6)) else {
                throw CommandFailure("after whsec_ comes base64")
            }
            key = .symmetric(StandardWebhooksSecret(key: bytes))
        } else {
            key = .symmetric(StandardWebhooksSecret(key: Array(text.utf8)))
        }
    }

    /// One entry of `webhook-signature`.
    func signature(id: String, timestamp: Int64, body: [UInt8]) throws -> String {
        switch key {
        case .symmetric(let secret): secret.signature(id: id, timestamp: timestamp, body: body)
        case .pair(let pair): try pair.signature(id: id, timestamp: timestamp, body: body)
        }
    }
}
