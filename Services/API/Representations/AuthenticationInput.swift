import JSON
import Webhooks

/// What a request body says about `authentication`.
enum AuthenticationInput: Hashable {
    case none
    /// Said exactly as it is shown, masks included.
    case unchanged
    case given(WebhookAuthentication)

    enum Kind: String, CaseIterable { case bearer, basic, header, oauth2, mtls }

    private static let members: [Kind: Set<String>] = [
        .bearer: ["type", "token"], .basic: ["type", "username", "password"], .header: ["type", "name", "value"],
        .oauth2: ["type", "tokenURL", "clientId", "clientSecret", "scope"], .mtls: ["type", "certificate", "key"],
    ]

    /// - Parameter headers: the names of the `headers` member, in lower case.
    init(
        _ reader: MemberReader, headers: Set<String>, rules: WebhookRules, refusesHTTP: Bool,
        stored: WebhookAuthentication?
    ) {
        self = .none
        guard let value = reader.value("authentication") else { return }
        let faults = reader.faults
        if headers.contains("authorization") {
            faults.add("authentication", .conflict, "`authentication` and `headers.authorization` exclude each other.")
        }
        let every = Self.members.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        // The first look is for the type alone, and silent where the second repeats its faults.
        guard let first = MemberReader(value, at: "authentication", known: every, ignored: [], faults: Faults()) else {
            faults.add("authentication", .wrongType, "An object is needed, not \(value.kindName).")
            return
        }
        guard let given = first.value("type") else {
            faults.add("authentication.type", .required, "`type` is required.")
            return
        }
        guard let kind: Kind = reader.choice(given, at: "authentication.type"), let known = Self.members[kind],
            let members = MemberReader(value, at: "authentication", known: known, faults: faults)
        else { return }
        let fields = AuthenticationReader(members: members, stored: stored)
        guard let authentication = fields.read(kind, headers: headers) else { return }
        if case .oauth2(let tokenURL, _, _, _) = authentication {
            WebhookInput.check(
                url: tokenURL, at: "authentication.tokenURL", refusesHTTP: refusesHTTP, rules: rules, faults: faults)
        }
        self = authentication == stored ? .unchanged : .given(authentication)
    }
}

extension WebhookAuthentication {
    var kind: AuthenticationInput.Kind {
        switch self {
        case .bearer: .bearer
        case .basic: .basic
        case .header: .header
        case .oauth2: .oauth2
        case .mtls: .mtls
        }
    }
}

/// Reads the members of one kind; a masked secret stands for the stored one of the same kind.
private struct AuthenticationReader {
    let members: MemberReader
    let stored: WebhookAuthentication?

    func read(_ kind: AuthenticationInput.Kind, headers: Set<String>) -> WebhookAuthentication? {
        switch kind {
        case .bearer:
            return secret("token", storedIn: { if case .bearer(let token) = $0 { token } else { nil } })
                .flatMap { isFieldValue($0, "token") ? .bearer(token: $0) : nil }
        case .basic: return basic()
        case .header: return header(headers: headers)
        case .oauth2: return oauth2()
        case .mtls: return mtls()
        }
    }

    private func basic() -> WebhookAuthentication? {
        let username = members.string("username", length: 0...1024, isRequired: true)
        let password = secret("password", storedIn: { if case .basic(_, let password) = $0 { password } else { nil } })
        guard let username, let password else { return nil }
        guard !username.contains(":") else {
            members.faults.add("authentication.username", .invalid, "A user name holds no colon (RFC 7617).")
            return nil
        }
        return .basic(username: username, password: password)
    }

    private func header(headers: Set<String>) -> WebhookAuthentication? {
        let name = members.string("name", length: HeaderRules.nameLength, isRequired: true)
        let value = secret("value", storedIn: { if case .header(_, let value) = $0 { value } else { nil } })
        guard let name, let value else { return nil }
        let field = "authentication.name"
        if !HeaderRules.isName(name) {
            members.faults.add(field, .invalid, "A header name has letters, digits or !#$%&'*+-.^_`|~.")
        } else if HeaderRules.isReserved(name.lowercased()) {
            members.faults.add(field, .forbiddenHeader, "This header is Martlet's own to write.")
        } else if headers.contains(name.lowercased()) {
            members.faults.add(field, .conflict, "`headers` holds the same name.")
        }
        return isFieldValue(value, "value") ? .header(name: name, value: value) : nil
    }

    private func oauth2() -> WebhookAuthentication? {
        let tokenURL = members.string("tokenURL", length: 1...2048, isRequired: true)
        let clientID = members.string("clientId", length: 1...1024, isRequired: true)
        let scope = members.string("scope", length: 1...1024)
        let secret = secret(
            "clientSecret", storedIn: { if case .oauth2(_, _, let secret, _) = $0 { secret } else { nil } })
        guard let tokenURL, let clientID, let secret else { return nil }
        return .oauth2(tokenURL: tokenURL, clientID: clientID, clientSecret: secret, scope: scope)
    }

    private func mtls() -> WebhookAuthentication? {
        let certificate = members.string("certificate", length: 1...65536, isRequired: true)
        let key = secret(
            "key", length: 1...65536, storedIn: { if case .mtls(_, let key) = $0 { key } else { nil } })
        guard let certificate, let key else { return nil }
        let isCertificate = isPEM(certificate, label: "CERTIFICATE", "certificate")
        guard isPEM(key, label: "PRIVATE KEY", "key"), isCertificate else { return nil }
        if key.contains("ENCRYPTED") {
            members.faults.add(members.field("key"), .invalid, "A key with a password is of no use here.")
            return nil
        }
        return .mtls(certificate: certificate, key: key)
    }

    private func secret(
        _ name: String, length: ClosedRange<Int> = 1...4096, storedIn: (WebhookAuthentication) -> String?
    ) -> String? {
        guard let given = members.string(name, length: length, isRequired: true) else { return nil }
        guard Mask.isMasked(given) else { return given }
        if let kept = stored.flatMap(storedIn), AuthenticationMask.text(of: kept) == given { return kept }
        members.faults.add(members.field(name), .masked, "A masked secret can only stand for the stored one.")
        return nil
    }

    private func isFieldValue(_ text: String, _ name: String) -> Bool {
        if HeaderRules.isValue(text) { return true }
        members.faults.add(members.field(name), .invalid, "No line break and no control character can stand here.")
        return false
    }

    private func isPEM(_ text: String, label: String, _ name: String) -> Bool {
        if text.contains("-----BEGIN "), text.contains("\(label)-----"), text.contains("-----END ") { return true }
        members.faults.add(members.field(name), .invalid, "PEM text of a \(label.lowercased()) is needed.")
        return false
    }
}
