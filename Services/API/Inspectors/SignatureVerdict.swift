import Dressing
import HTTPTypes
import Postgres
import Store
import Tenancy
import Webhooks

/// What the signature of a request to an inspector is worth, by the dialect and the secrets of the webhook that it
/// names.
struct SignatureVerdict {
    /// What came.
    struct Signed {
        let method: HTTPRequest.Method
        /// Path and query.
        let target: String
        let headers: HTTPFields
        let body: [UInt8]
    }

    /// The webhook that a request names.
    struct Sender {
        let configuration: WebhookConfiguration
        let dialect: Dialect
        let secrets: WebhookSecrets
    }

    let verdict: InspectedRequest.Verdict
    let detail: String?

    private typealias Finding = (InspectedRequest.Verdict, String?)

    private static let id = HTTPField.Name("webhook-id")!
    private static let timestamp = HTTPField.Name("webhook-timestamp")!
    private static let signature = HTTPField.Name("webhook-signature")!
    private static let shopery = HTTPField.Name("x-shopery-secret")!
    private static let crystallize = HTTPField.Name(CrystallizeSignature.fieldName)!
    static let webhook = HTTPField.Name("x-martlet-webhook")!

    /// - Parameter sender: nil: the request names no webhook of the tenant.
    init(of request: Signed, by sender: Sender?, now: Instant) {
        (verdict, detail) = Self.judge(request, sender, now)
    }

    private static func judge(_ request: Signed, _ sender: Sender?, _ now: Instant) -> Finding {
        guard let sender else {
            let isSigned = [signature, shopery, crystallize].contains { request.headers[$0] != nil }
            return isSigned
                ? (.unknown, "x-martlet-webhook names no webhook of this tenant.")
                : (.missing, "There is no signature.")
        }
        let name = name(in: sender.dialect)
        guard let value = request.headers[name] else {
            return (.missing, "There is no \(name.canonicalName), by which webhooks of this dialect sign.")
        }
        switch sender.dialect {
        case .standard: return standard(request, value, sender, now)
        case .crystallize: return crystallize(request, value, sender, now)
        case .shopery:
            let isRight = sender.secrets.signing.contains { PlainSecret.isSame($0.text, as: value) }
            return isRight ? (.valid, nil) : (.invalid, "X-Shopery-Secret is not the webhook's secret.")
        }
    }

    private static func name(in dialect: Dialect) -> HTTPField.Name {
        switch dialect {
        case .standard: signature
        case .crystallize: crystallize
        case .shopery: shopery
        }
    }

    private static func standard(_ request: Signed, _ value: String, _ sender: Sender, _ now: Instant) -> Finding {
        let verifier = StandardWebhooksVerifier(
            secrets: sender.secrets.signing.compactMap { StandardWebhooksSecret($0.text) },
            publicKeys: sender.secrets.ed25519.compactMap { StandardWebhooksKeyPair($0.text)?.publicKey })
        let content =
            request.method == .get
            ? AppendedQuery.text(of: request.target, beyond: sender.configuration.url) : request.body
        do {
            try verifier.verify(
                id: request.headers[id] ?? "", timestamp: request.headers[timestamp] ?? "", signature: value,
                body: content, now: now)
            return (.valid, nil)
        } catch {
            return (.invalid, text(of: error))
        }
    }

    /// The URL that is hashed is the webhook's, so that what stands between it and the inspector changes nothing.
    private static func crystallize(_ request: Signed, _ token: String, _ sender: Sender, _ now: Instant) -> Finding {
        guard let secret = sender.secrets.tenantSignature else {
            return (.unknown, "The tenant's signature secret cannot be read.")
        }
        let challenge = CrystallizeChallenge(
            url: WebURL.normalForm(of: sender.configuration.url), method: request.method.rawValue)
        let hmac =
            request.method == .get
            ? challenge.hmac(receivedURL: request.target) : challenge.hmac(body: request.body)
        guard let hmac else { return (.invalid, "The body is no JSON, and so not what was signed.") }
        do throws(CrystallizeSignature.Failure) {
            try CrystallizeSignature(secret: secret).verify(token, hmac: hmac, now: now)
            return (.valid, nil)
        } catch {
            return (.invalid, text(of: error))
        }
    }

    private static func text(of failure: StandardWebhooksVerifier.Failure) -> String {
        switch failure {
        case .malformedTimestamp: "webhook-timestamp is no number of seconds."
        case .tooOld: "webhook-timestamp is too old."
        case .tooNew: "webhook-timestamp lies in the future."
        case .noUsableSignature: "webhook-signature has nothing of the webhook's kind."
        case .mismatch: "The signature does not match: another secret, or the body was changed."
        }
    }

    private static func text(of failure: CrystallizeSignature.Failure) -> String {
        switch failure {
        case .malformed: "x-crystallize-signature is no token."
        case .otherAlgorithm: "The token is not signed by HS256."
        case .mismatch: "The token was made with another secret, or changed."
        case .expired: "The token's time is over."
        case .otherContent: "The token is of another URL, method or body."
        }
    }
}
