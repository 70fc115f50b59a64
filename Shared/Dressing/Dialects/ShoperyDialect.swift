import Webhooks

/// As Shopery sends: the resource itself, with the webhook's secret in a field.
struct ShoperyDialect: DialectRules {
    static let secretField = "X-Shopery-Secret"

    let terms = DialectTerms(
        maxAttempts: 10, takesHTTP: false, hasChoices: false, plainSecrets: 16...256,
        fieldNames: [secretField.lowercased()])

    func dress(_ sender: Sender, secrets: WebhookSecrets) throws(PreparedWebhook.Failure) -> any Dress {
        // While one secret replaces another, the new one is sent at once.
        guard let secret = secrets.signing.first(where: { $0.validUntil == nil })?.text, !secret.isEmpty else {
            throw .noSigningKey
        }
        guard HeaderList.isHarmless(secret) else { throw .malformedKey }
        return ShoperyDress(secret: secret)
    }
}

struct ShoperyDress: Dress {
    let secret: String

    var secretFields: [(name: String, value: String)] { [(ShoperyDialect.secretField, secret)] }

    func members(of subject: Subject) -> [PayloadMember] { PayloadMember.all(in: subject.event.data) }

    /// To the byte as it came.
    func body(of subject: Subject) -> [UInt8] { subject.event.data }

    func fields(for content: Content, on occasion: Occasion) -> [(name: String, value: String)] { [] }
}
