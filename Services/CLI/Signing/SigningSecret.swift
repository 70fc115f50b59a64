import Webhooks

/// A secret as it is given at a terminal: `whsec_…` of any length, `whsk_…`, or plain text.
enum SigningSecret {
    case symmetric(StandardWebhooksSecret)
    case pair(StandardWebhooksKeyPair)

    init(parsing text: String) throws {
        if text.hasPrefix("whsk_") {
            guard let pair = StandardWebhooksKeyPair(text) else {
                throw CommandFailure("a whsk_ secret is base64 of 32 or 64 bytes")
            }
            self = .pair(pair)
        } else if text.hasPrefix("whsec_") {
            guard let key = Base64.decode(text.dropFirst(6)) else {
                throw CommandFailure("after whsec_ comes base64")
            }
            self = .symmetric(StandardWebhooksSecret(key: key))
        } else {
            self = .symmetric(StandardWebhooksSecret(key: Array(text.utf8)))
        }
    }

    /// One entry of `webhook-signature`.
    func signature(id: String, timestamp: Int64, body: [UInt8]) throws -> String {
        switch self {
        case .symmetric(let secret): secret.signature(id: id, timestamp: timestamp, body: body)
        case .pair(let pair): try pair.signature(id: id, timestamp: timestamp, body: body)
        }
    }
}
