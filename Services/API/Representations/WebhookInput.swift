import JSON
import Webhooks

/// What a request body says about a webhook, checked whole.
struct WebhookInput {
    /// The names that a tenant may write, in the order of the contract's table.
    static let members: Set<String> = [
        "name", "type", "url", "events", "isEnabled", "whenDisabled", "method", "headers", "authentication", "secret",
        "signatures", "dialect", "payloadQuery", "preserveDefaultPayload", "fields", "debounceSeconds", "filter",
        "format", "data", "retry", "timeoutMs", "connectTimeoutMs", "rateLimit", "maxConcurrency", "ordering",
        "description", "metadata",
    ]
    /// Ignored in PUT and PATCH bodies, so that what GET gave can be sent back; unknown members in a POST body.
    static let readOnlyMembers: Set<String> = [
        "id", "status", "disabledReason", "secretHint", "createdAt", "updatedAt", "lastInvocation",
    ]

    var configuration: WebhookConfiguration
    var secret: SecretInput
    var authentication: AuthenticationInput

    /// Whether it signs with `v1a`, which needs an Ed25519 pair.
    var wantsKeyPair: Bool { configuration.signatures.contains(.v1a) }

    /// Nil where anything was wrong; `faults` then says what.
    /// - Parameter stored: the secrets of the webhook that is changed; nil for a new one.
    init?(_ body: JSONValue, rules: WebhookRules, stored: StoredSecrets?, faults: Faults) {
        let ignored = stored == nil ? [] : Self.readOnlyMembers
        guard
            let reader = MemberReader(
                body, known: Self.members, ignored: ignored.union(rules.otherMembers), faults: faults)
        else { return nil }
        var draft = WebhookConfiguration(name: "", url: "", events: [])
        draft.name = reader.string("name", length: 1...200, isRequired: true) ?? ""
        draft.dialect = reader.choice("dialect")
        let dialect = rules.dialect(draft.dialect)
        Self.readDestination(reader, dialect: dialect, rules: rules, into: &draft)
        Self.readEvents(reader, rules: rules, into: &draft)
        Self.readDressing(reader, dialect: dialect, rules: rules, into: &draft)
        Self.readPacing(reader, dialect: dialect, into: &draft)
        draft.description = reader.string("description", length: 0...2000)
        draft.metadata = Self.readMetadata(reader)
        secret = SecretInput(reader, dialect: dialect, stored: stored?.signing)
        authentication = AuthenticationInput(
            reader, headers: Set(draft.headers.keys), rules: rules, refusesHTTP: rules.refusesHTTP(dialect),
            stored: stored?.authentication)
        configuration = draft
        if !faults.isEmpty { return nil }
    }

    private static func readMetadata(_ reader: MemberReader) -> [String: String] {
        guard let members = reader.members("metadata") else { return [:] }
        if members.count > 50 { reader.faults.add("metadata", .tooLong, "0 to 50 members, not \(members.count).") }
        var metadata: [String: String] = [:]
        for (name, field, value) in members {
            if !(1...64).contains(name.unicodeScalars.count) || name.unicodeScalars.contains("\0") {
                reader.faults.add(field, .invalid, "A name has 1 to 64 characters, none of them U+0000.")
            }
            if let text = reader.string(value, at: field, length: 0...1000) { metadata[name] = text }
        }
        return metadata
    }
}
