import HTTPTypes
import Postgres
import Store
import Tenancy
import Webhooks

/// What the signature of a request to an inspector is worth, by the secrets of the webhook that it names.
struct SignatureVerdict {
    let verdict: InspectedRequest.Verdict
    let detail: String?

    private static let id = HTTPField.Name("webhook-id")!
    private static let timestamp = HTTPField.Name("webhook-timestamp")!
    private static let signature = HTTPField.Name("webhook-signature")!
    private static let shopery = HTTPField.Name("x-shopery-secret")!
    private static let crystallize = HTTPField.Name("x-crystallize-signature")!
    static let webhook = HTTPField.Name("x-martlet-webhook")!

    /// - Parameter secrets: of the webhook that the request names; nil: it names none of the tenant.
    init(of headers: HTTPFields, body: [UInt8], secrets: WebhookSecrets?, now: Instant) {
        (verdict, detail) = Self.judge(headers, body, secrets, now)
    }

    private static func judge(
        _ headers: HTTPFields, _ body: [UInt8], _ secrets: WebhookSecrets?, _ now: Instant
    ) -> (InspectedRequest.Verdict, String?) {
        guard headers[signature] != nil || headers[shopery] != nil else {
            guard headers[crystallize] == nil else {
                return (.unknown, "A signature of the dialect crystallize is not read here.")
            }
            return (.missing, "There is no signature.")
        }
        guard let secrets else { return (.unknown, "x-martlet-webhook names no webhook of this tenant.") }
        guard let entry = headers[signature] else {
            let isRight = secrets.signing.contains { $0.text == headers[shopery] }
            return isRight ? (.valid, nil) : (.invalid, "X-Shopery-Secret is not the webhook's secret.")
        }
        let verifier = StandardWebhooksVerifier(
            secrets: secrets.signing.compactMap { StandardWebhooksSecret($0.text) },
            publicKeys: secrets.ed25519.compactMap { StandardWebhooksKeyPair($0.text)?.publicKey })
        do {
            try verifier.verify(
                id: headers[id] ?? "", timestamp: headers[timestamp] ?? "", signature: entry, body: body, now: now)
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
}
