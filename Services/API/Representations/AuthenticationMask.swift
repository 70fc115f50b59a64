import JSON
import Webhooks

/// How `authentication` is read back: everything but its secrets.
enum AuthenticationMask {
    /// A PEM key ends in nothing that tells one from another: it shows no character of itself.
    static func text(of secret: String) -> String {
        secret.contains("-----BEGIN ") ? Mask.prefix : Mask.hint(of: secret)
    }

    /// The member as answers show it.
    static func json(of authentication: WebhookAuthentication) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            for (name, value) in members(of: authentication) { writer.member(name, value) }
        }
        return writer.text
    }

    /// The members in order, `type` first; nil values are left out.
    private static func members(of authentication: WebhookAuthentication) -> [(name: String, value: String)] {
        switch authentication {
        case .bearer(let token): [("type", "bearer"), ("token", text(of: token))]
        case .basic(let username, let password):
            [("type", "basic"), ("username", username), ("password", text(of: password))]
        case .header(let name, let value): [("type", "header"), ("name", name), ("value", text(of: value))]
        case .oauth2(let tokenURL, let clientID, let clientSecret, let scope):
            [
                ("type", "oauth2"), ("tokenURL", tokenURL), ("clientId", clientID),
                ("clientSecret", text(of: clientSecret)),
            ] + (scope.map { [("scope", $0)] } ?? [])
        case .mtls(let certificate, let key):
            [("type", "mtls"), ("certificate", certificate), ("key", text(of: key))]
        }
    }
}
