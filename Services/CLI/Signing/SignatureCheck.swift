import Webhooks

/// Whether a request was signed with one of some secrets.
struct SignatureCheck {
    private let verifier: StandardWebhooksVerifier

    /// - Parameter tolerance: how far its timestamp may be from now; nil: any time is right.
    init(secrets: [SigningSecret], tolerance: Duration? = .seconds(300)) {
        var symmetric: [StandardWebhooksSecret] = []
        var publicKeys: [StandardWebhooksPublicKey] = []
        for secret in secrets {
            switch secret {
            case .symmetric(let secret): symmetric.append(secret)
            case .pair(let pair): publicKeys.append(pair.publicKey)
            }
        }
        verifier = StandardWebhooksVerifier(secrets: symmetric, publicKeys: publicKeys, tolerance: tolerance)
    }

    /// Why not; nil if it was.
    func fault(id: String, timestamp: String, signature: String, body: [UInt8], now: Instant) -> String? {
        do {
            try verifier.verify(id: id, timestamp: timestamp, signature: signature, body: body, now: now)
            return nil
        } catch {
            return switch error {
            case .malformedTimestamp: "the timestamp is no number of seconds"
            case .tooOld: "the timestamp is too old"
            case .tooNew: "the timestamp is in the future"
            case .noUsableSignature: "there is no signature of the secret's kind"
            case .mismatch: "the signature does not match"
            }
        }
    }

    /// Why not; nil if it was.
    func fault(of request: ReceivedRequest, now: Instant) -> String? {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        let values = names.compactMap { request.headers[$0] }
        guard values.count == names.count else {
            return "no \(names.first { request.headers[$0] == nil } ?? "signature") header"
        }
        return fault(
            id: values[0], timestamp: values[1], signature: values[2], body: Array(request.body.utf8), now: now)
    }
}
