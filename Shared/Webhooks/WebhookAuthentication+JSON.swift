import JSON

extension WebhookAuthentication {
    /// The `authentication` member of the API as compact JSON text, with its secrets: what is sealed.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            switch self {
            case .bearer(let token):
                writer.member("type", "bearer")
                writer.member("token", token)
            case .basic(let username, let password):
                writer.member("type", "basic")
                writer.member("username", username)
                writer.member("password", password)
            case .header(let name, let value):
                writer.member("type", "header")
                writer.member("name", name)
                writer.member("value", value)
            case .oauth2(let tokenURL, let clientID, let clientSecret, let scope):
                writer.member("type", "oauth2")
                writer.member("tokenURL", tokenURL)
                writer.member("clientId", clientID)
                writer.member("clientSecret", clientSecret)
                if let scope { writer.member("scope", scope) }
            case .mtls(let certificate, let key):
                writer.member("type", "mtls")
                writer.member("certificate", certificate)
                writer.member("key", key)
            }
        }
        return writer.bytes
    }

    /// Reads ``json``. Nil for a type that is not known and for a member that is missing or no string; members that are
    /// not known are passed over.
    public init?(json: [UInt8]) {
        guard let member = try? JSONDocument(parsing: json).root else { return nil }
        func text(_ name: String) -> String? { member.member(name)?.string }
        switch text("type") {
        case "bearer":
            guard let token = text("token") else { return nil }
            self = .bearer(token: token)
        case "basic":
            guard let username = text("username"), let password = text("password") else { return nil }
            self = .basic(username: username, password: password)
        case "header":
            guard let name = text("name"), let value = text("value") else { return nil }
            self = .header(name: name, value: value)
        case "oauth2":
            guard let tokenURL = text("tokenURL"), let clientID = text("clientId"),
                let clientSecret = text("clientSecret")
            else { return nil }
            self = .oauth2(tokenURL: tokenURL, clientID: clientID, clientSecret: clientSecret, scope: text("scope"))
        case "mtls":
            guard let certificate = text("certificate"), let key = text("key") else { return nil }
            self = .mtls(certificate: certificate, key: key)
        default: return nil
        }
    }
}
