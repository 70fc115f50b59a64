import Webhooks

/// The header field that `authentication` adds to a request.
struct ProofOfSender {
    let name: String
    /// Nil where it is known only when the request is sent: an access token.
    let value: String?
    /// The value with its secret masked.
    let masked: String

    /// Nil for a client certificate, which adds no field.
    init?(_ authentication: WebhookAuthentication) {
        switch authentication {
        case .bearer(let token):
            name = "authorization"
            value = "Bearer \(token)"
            masked = "Bearer \(SecretMask.text(of: token))"
        case .basic(let username, let password):
            name = "authorization"
            value = "Basic \(Base64.encode("\(username):\(password)".utf8))"
            masked = "Basic \(SecretMask.prefix)"  // the end of the encoded text is the end of the password
        case .header(let name, let value):
            self.name = name
            self.value = value
            masked = SecretMask.text(of: value)
        case .oauth2:
            (name, value, masked) = ("authorization", nil, "Bearer \(SecretMask.prefix)")
        case .mtls: return nil
        }
    }
}
