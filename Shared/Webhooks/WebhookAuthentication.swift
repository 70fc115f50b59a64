/// How a request proves who sends it, beside its signature. Sealed at rest (``EncryptionKeys``), so never a member of
/// ``WebhookConfiguration``.
public enum WebhookAuthentication: Hashable, Sendable {
    case bearer(token: String)
    case basic(username: String, password: String)
    /// The name is sent exactly as given.
    case header(name: String, value: String)
    case oauth2(tokenURL: String, clientID: String, clientSecret: String, scope: String?)
    /// PEM texts.
    case mtls(certificate: String, key: String)
}
