public import Webhooks

/// A webhook with all that its requests have in common worked out once: keys, constant header fields, retry schedule.
///
/// A class because it is handed along with every delivery and never changes.
///
/// Until their own issues come, some of what a webhook may say has no effect on its requests, and this is the one place
/// that says so: dialects `crystallize` and `shopery` are dressed as `standard` (their retry defaults count);
/// `format`, `fields`, `payloadQuery`,
/// `preserveDefaultPayload` and `data: latest` change nothing: the body is the envelope with the event's own data.
public final class PreparedWebhook: Sendable {
    /// Why a webhook cannot be dressed: never is anything sent unsigned.
    public enum Failure: Error, Hashable, Sendable {
        /// No secret for any of its `signatures`.
        case noSigningKey
        /// A private key that is none.
        case malformedKey
    }

    /// As it was prepared.
    public let webhook: Webhook
    /// As in `X-tenant-ID`.
    public let tenantIdentifier: String
    /// The `retry` member with the dialect's defaults filled in.
    public let retrySchedule: RetrySchedule

    let webhookID: String
    let sendsBody: Bool
    /// Fields that are the same in every request.
    let headers: [(name: String, value: String)]
    /// Whether a field of the tenant's has taken the place of the event's own.
    let hasTraceparent: Bool
    /// The field that proves who sends, and what is shown of it.
    let secretHeader: (name: String, masked: String)?
    /// Names that the URL's query has already; nil unless ``sendsBody`` is false.
    let queryNames: Set<String>?
    /// Gets the token that requests bear; nil where `authentication` is of another type than `oauth2`.
    public let tokenClient: TokenClient?
    /// PEM texts of `authentication` of type `mtls`.
    public let identity: (certificate: String, key: String)?
    private let keys: SigningKeys

    /// - Parameters:
    ///   - secrets: in the clear. In dialect `standard` a signing secret that is no `whsec_…`, as a `shopery` webhook
    ///     may have, signs with its UTF-8 bytes.
    ///   - tenantDefault: the dialect of webhooks of this tenant that name none.
    public init(
        _ webhook: Webhook, tenantIdentifier: String, secrets: WebhookSecrets, tenantDefault: Dialect = .standard
    ) throws(Failure) {
        let configuration = webhook.configuration
        self.webhook = webhook
        self.tenantIdentifier = tenantIdentifier
        webhookID = webhook.id.description
        retrySchedule = RetrySchedule(
            policy: configuration.retry, dialect: configuration.dialect ?? tenantDefault)
        keys = try SigningKeys(secrets, versions: configuration.signatures)
        sendsBody = configuration.method != .GET
        queryNames = sendsBody ? nil : QueryText.names(in: configuration.url)
        let proof = secrets.authentication.flatMap(ProofOfSender.init)
        secretHeader = proof.map { ($0.name, $0.masked) }
        if case .oauth2(let tokenURL, let clientID, let clientSecret, let scope) = secrets.authentication {
            tokenClient = TokenClient(
                tokenURL: tokenURL, clientID: clientID, clientSecret: clientSecret, scope: scope)
        } else {
            tokenClient = nil
        }
        if case .mtls(let certificate, let key) = secrets.authentication {
            identity = (certificate, key)
        } else {
            identity = nil
        }
        var list = HeaderList()
        list.set("user-agent", "Martlet/\(Martlet.version)")
        if sendsBody { list.set("content-type", "application/json") }
        list.set("x-martlet-webhook", webhookID)
        for (name, value) in configuration.headers.sorted(by: { $0.key < $1.key }) { list.set(name, value) }
        if let proof, let value = proof.value { list.set(proof.name, value) }
        headers = list.fields
        hasTraceparent = list.holds("traceparent")
    }

    /// The value of `webhook-signature`: an entry for each key that is valid at `instant`.
    func signature(id: String, timestamp: Int64, content: [UInt8], at instant: Instant) -> String {
        keys.signature(id: id, timestamp: timestamp, content: content, at: instant)
    }
}
