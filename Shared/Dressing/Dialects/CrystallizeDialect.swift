import JSON
import Webhooks

/// As Crystallize sends: the result of a query, or the parameters that a query could use; signed with the tenant's
/// secret.
struct CrystallizeDialect: DialectRules {
    let terms = DialectTerms(
        maxAttempts: 1, takesHTTP: true, hasChoices: false, plainSecrets: nil,
        fieldNames: [CrystallizeSignature.fieldName])

    func dress(_ sender: Sender, secrets: WebhookSecrets) throws(PreparedWebhook.Failure) -> any Dress {
        guard let secret = secrets.tenantSignature, !secret.isEmpty else { throw .noSigningKey }
        let configuration = sender.configuration
        return CrystallizeDress(
            sender: sender, signature: CrystallizeSignature(secret: secret),
            challenge: CrystallizeChallenge(
                url: WebURL.normalForm(of: configuration.url), method: configuration.method.rawValue))
    }
}

struct CrystallizeDress: Dress {
    let sender: Sender
    let signature: CrystallizeSignature
    let challenge: CrystallizeChallenge

    func members(of subject: Subject) -> [PayloadMember] {
        // Of a repeated name the last value counts, as to JSON.parse; only then is it seen whether that is a scalar.
        let all = PayloadMember.root(of: subject.event.data)?.members.map { member in
            PayloadMember(member.name, json: member.value.isScalar ? member.value.ecmaScriptBytes : [])
        }
        let scalars = PayloadMember.unique(all ?? []).filter { !$0.json.isEmpty }
        return Self.parameters(of: subject, from: sender, data: scalars)
    }

    /// What a query may use, too: `type` of the data wins over the resource's; who it is about never yields.
    static func parameters(of subject: Subject, from sender: Sender, data: [PayloadMember]) -> [PayloadMember] {
        let fixed = ["id", "tenantId", "webhookId"]
        return PayloadMember.unique(
            [
                PayloadMember("id", orNull: subject.event.resourceID),
                PayloadMember("tenantId", sender.tenantIdentifier), PayloadMember("webhookId", sender.webhookID),
                PayloadMember("type", subject.type.resource),
            ] + data.filter { !fixed.contains($0.name) })
    }

    func form(_ text: [UInt8]) -> [UInt8] { PayloadMember.root(of: text)?.ecmaScriptBytes ?? text }

    func fields(for content: Content, on occasion: Occasion) -> [(name: String, value: String)] {
        let hmac: String
        let body: [UInt8]
        switch content {
        case .body(let text):
            hmac = challenge.hmac(canonicalBody: text)
            body = text
        case .query(let members, _):
            hmac = challenge.hmac(queryMembers: members.map { ($0.name, $0.queryText) })
            body = []
        }
        let token = signature.token(
            hmac: hmac, tenant: sender.tenantIdentifier, at: occasion.instant, lifetime: occasion.lifetime)
        return [
            (CrystallizeSignature.fieldName, token), ("x-martlet-body-hmac", signature.code(of: body)),
        ]
    }
}

extension JSONValue {
    fileprivate var isScalar: Bool { !isObject && !isArray }
}
