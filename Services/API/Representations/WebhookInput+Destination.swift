import Curl
import JSON
import Webhooks

extension WebhookInput {
    private enum Destination: String, CaseIterable { case http }

    /// `type`, `url`, `method`, `headers`.
    static func readDestination(
        _ reader: MemberReader, dialect: Dialect, rules: WebhookRules, into draft: inout WebhookConfiguration
    ) {
        let type: Destination = reader.choice("type") ?? .http
        draft.type = type.rawValue
        draft.method = reader.choice("method") ?? .POST
        if let url = reader.string("url", length: 1...2048, isRequired: true) {
            check(url: url, at: "url", refusesHTTP: rules.refusesHTTP(dialect), rules: rules, faults: reader.faults)
            draft.url = url
        }
        draft.headers = readHeaders(reader)
    }

    /// Notes what is wrong with a URL that Martlet will call: its form, its scheme, a forbidden address as its host.
    static func check(url: String, at field: String, refusesHTTP: Bool, rules: WebhookRules, faults: Faults) {
        let destination: DestinationURL
        do { destination = try DestinationURL(parsing: url) } catch {
            return faults.add(field, .invalid, error.detail)
        }
        if destination.scheme == .http, refusesHTTP {
            faults.add(field, .forbiddenScheme, "Here only https is accepted.")
        }
        switch HostVerdict(destination, policy: rules.addresses) {
        case .allowed: break
        case .malformed: faults.add(field, .invalid, "The host is no valid address.")
        case .forbidden:
            faults.add(field, .forbiddenAddress, "The host is an address that webhooks may not call.")
        }
    }

    /// Names in lower case, values as they came.
    private static func readHeaders(_ reader: MemberReader) -> [String: String] {
        guard let members = reader.members("headers") else { return [:] }
        let limit = HeaderRules.maximumCount
        if members.count > limit {
            reader.faults.add("headers", .tooLong, "0 to \(limit) headers, not \(members.count).")
        }
        var headers: [String: String] = [:]
        var seen: Set<String> = []
        for (given, field, value) in members {
            let name = given.lowercased()
            if !HeaderRules.isName(given) {
                reader.faults.add(field, .invalid, "A header name has 1 to 128 letters, digits or !#$%&'*+-.^_`|~.")
            } else if HeaderRules.isReserved(name) {
                reader.faults.add(field, .forbiddenHeader, "This header is Martlet's own to write.")
            }
            if !seen.insert(name).inserted {
                reader.faults.add(field, .duplicate, "This name is given twice; case makes no difference.")
            }
            guard let text = value.string else {
                reader.faults.add(field, .wrongType, "A string is needed, not \(value.kindName).")
                continue
            }
            if !HeaderRules.isValue(text) {
                let limit = HeaderRules.maximumValueLength
                reader.faults.add(field, .invalid, "A header value has at most \(limit) bytes and no line break.")
            }
            headers[name] = text
        }
        return headers
    }
}
