internal import PayloadQueries
public import Webhooks

/// A webhook with all that its requests have in common worked out once: keys, constant header fields, retry schedule.
///
/// A class because it is handed along with every delivery and never changes.
public final class PreparedWebhook: Sendable {
    /// Why a webhook cannot be dressed: never is anything sent unsigned.
    public enum Failure: Error, Hashable, Sendable {
        /// No secret that its dialect signs with, or none for any of its `signatures`.
        case noSigningKey
        /// A private key that is none, or a secret that cannot be sent.
        case malformedKey
    }

    /// As it was prepared.
    public let webhook: Webhook
    /// As in `X-tenant-ID`.
    public let tenantIdentifier: String
    /// The `retry` member with the dialect's defaults filled in.
    public let retrySchedule: RetrySchedule

    /// Nil: all data is sent.
    let fields: FieldSelection?
    let sender: Sender
    /// Its dialect, with its keys.
    let dress: any Dress
    /// Fields that are the same in every request.
    let headers: [(name: String, value: String)]
    /// Whether a field of the tenant's has taken the place of the trace that the event came with.
    let hasTrace: Bool
    /// What is shown of fields that prove who sends, by their names.
    let masks: [String: String]
    /// Names that the URL's query has already; nil where the payload is the body.
    let queryNames: Set<String>?
    /// Gets the token that requests bear; nil where `authentication` is of another type than `oauth2`.
    public let tokenClient: TokenClient?
    /// PEM texts of `authentication` of type `mtls`.
    public let identity: (certificate: String, key: String)?
    /// `payloadQuery`, or why it is none.
    let query: Result<PayloadQuery, QueryFailure>?

    /// - Parameters:
    ///   - secrets: in the clear. In dialect `standard` a signing secret that is no `whsec_…`, as a `shopery` webhook
    ///     may have, signs with its UTF-8 bytes; `crystallize` signs with the tenant's.
    ///   - tenantDefault: the dialect of webhooks of this tenant that name none.
    public init(
        _ webhook: Webhook, tenantIdentifier: String, secrets: WebhookSecrets, tenantDefault: Dialect = .standard
    ) throws(Failure) {
        let configuration = webhook.configuration
        self.webhook = webhook
        self.tenantIdentifier = tenantIdentifier
        let dialect = configuration.dialect ?? tenantDefault
        fields = configuration.fields.map(FieldSelection.init)
        retrySchedule = RetrySchedule(policy: configuration.retry, dialect: dialect)
        sender = Sender(
            configuration: configuration, webhookID: webhook.id.description, tenantIdentifier: tenantIdentifier)
        query = configuration.payloadQuery.map(Self.query)
        dress = try dialect.rules.dress(sender, secrets: secrets)
        queryNames = configuration.method == .GET ? QueryText.names(in: configuration.url) : nil
        let proof = secrets.authentication.flatMap(ProofOfSender.init)
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
        if queryNames == nil { list.set("content-type", dress.contentType) }
        list.set("x-martlet-webhook", sender.webhookID)
        for (name, value) in configuration.headers.sorted(by: { $0.key < $1.key }) { list.set(name, value) }
        if let proof, let value = proof.value { list.set(proof.name, value) }
        var masks: [String: String] = [:]
        if let proof { masks[proof.name] = proof.masked }
        for (name, value) in dress.secretFields {
            list.set(name, value)
            masks[name] = SecretMask.text(of: value)
        }
        self.masks = masks
        headers = list.fields
        hasTrace = list.holds("traceparent") || list.holds("tracestate")
    }
}
