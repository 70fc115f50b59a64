import Dressing
import Webhooks

/// Whether a request was signed with one of some secrets, in whatever dialect it came.
struct SignatureCheck {
    private let verifier: StandardWebhooksVerifier
    private let secrets: [String]
    private let url: String?

    /// - Parameters:
    ///   - tolerance: how far the timestamp of dialect `standard` may be from now; nil: any time is right.
    ///   - url: the webhook's, which dialect `crystallize` signs; nil: what the request says itself, over http.
    init(secrets: [SigningSecret], tolerance: Duration? = .seconds(300), url: String? = nil) {
        var symmetric: [StandardWebhooksSecret] = []
        var publicKeys: [StandardWebhooksPublicKey] = []
        for secret in secrets {
            switch secret.key {
            case .symmetric(let secret): symmetric.append(secret)
            case .pair(let pair): publicKeys.append(pair.publicKey)
            }
        }
        verifier = StandardWebhooksVerifier(secrets: symmetric, publicKeys: publicKeys, tolerance: tolerance)
        self.secrets = secrets.map(\.text)
        self.url = url
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
        if let token = request.headers[CrystallizeSignature.fieldName] { return fault(of: request, token, now: now) }
        if let value = request.headers["x-shopery-secret"] { return fault(secret: value) }
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        let values = names.compactMap { request.headers[$0] }
        guard values.count == names.count else {
            return "no \(names.first { request.headers[$0] == nil } ?? "signature") header"
        }
        let content =
            request.method == "GET"
            ? AppendedQuery.text(of: request.path, beyond: url) : Array(request.body.utf8)
        return fault(id: values[0], timestamp: values[1], signature: values[2], body: content, now: now)
    }

    /// Of dialect `shopery`: the field is the secret.
    func fault(secret value: String) -> String? {
        secrets.contains { PlainSecret.isSame($0, as: value) } ? nil : "the secret is another"
    }

    /// Of dialect `crystallize`.
    func fault(token: String, hmac: String, now: Instant) -> String? {
        var reason: String?
        for secret in secrets {
            do throws(CrystallizeSignature.Failure) {
                try CrystallizeSignature(secret: secret).verify(token, hmac: hmac, now: now)
                return nil
            } catch {
                reason =
                    switch error {
                    case .malformed: "the signature is no token"
                    case .otherAlgorithm: "the token is not signed by HS256"
                    case .mismatch: "the token was made with another secret, or changed"
                    case .expired: "the token has expired"
                    case .otherContent: "the HMAC does not match: it is of another URL, method or body"
                    }
            }
        }
        return reason ?? "there is no secret to verify with"
    }

    private func fault(of request: ReceivedRequest, _ token: String, now: Instant) -> String? {
        let received = "http://\(request.headers["host"] ?? "")\(request.path)"
        let isGET = request.method == "GET"
        let own = url ?? (isGET ? String(received.prefix { $0 != "?" }) : received)
        let challenge = CrystallizeChallenge(url: WebURL.normalForm(of: own), method: request.method)
        let hmac =
            isGET ? challenge.hmac(receivedURL: received) : challenge.hmac(body: Array(request.body.utf8))
        guard let hmac else { return "the body is no JSON" }
        return fault(token: token, hmac: hmac, now: now)
    }
}
