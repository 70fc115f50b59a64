import Dressing
import JSON
import PayloadQueries
import Webhooks

extension WebhookInput {
    /// `signatures`, `payloadQuery`, `preserveDefaultPayload`, `fields`, `debounceSeconds`, `format`, `data`.
    static func readDressing(
        _ reader: MemberReader, dialect: Dialect, rules: WebhookRules, into draft: inout WebhookConfiguration
    ) {
        draft.signatures = readSignatures(reader)
        draft.payloadQuery = readQuery(reader, rules: rules)
        draft.preserveDefaultPayload = reader.bool("preserveDefaultPayload") ?? false
        draft.fields = readFields(reader)
        draft.debounceSeconds = reader.integer("debounceSeconds", in: 0...86400)
        draft.format = reader.choice("format") ?? .envelope
        draft.data = reader.choice("data") ?? .latest
        if reader.value("fields") != nil, reader.value("payloadQuery") != nil {
            reader.faults.add("fields", .conflict, "`fields` and `payloadQuery` exclude each other.")
        }
        guard !dialect.terms.hasChoices else { return }
        if draft.format != .envelope {
            reader.faults.add("format", .conflict, "`cloudevents` exists in the dialect `standard` only.")
        }
        if draft.signatures != [.v1] {
            reader.faults.add("signatures", .conflict, "`signatures` can be chosen in the dialect `standard` only.")
        }
    }

    private static func readSignatures(_ reader: MemberReader) -> [WebhookConfiguration.SignatureVersion] {
        guard let elements = reader.elements("signatures", count: 1...10) else { return [.v1] }
        var versions: [WebhookConfiguration.SignatureVersion] = []
        for (field, element) in elements {
            guard let version: WebhookConfiguration.SignatureVersion = reader.choice(element, at: field) else {
                continue
            }
            if !versions.contains(version) { versions.append(version) }
        }
        return versions
    }

    /// The text of a query that could run; one that the webhook has already may stay, whatever is asked for today.
    private static func readQuery(_ reader: MemberReader, rules: WebhookRules) -> String? {
        guard let text = reader.string("payloadQuery", length: 0...Int.max) else { return nil }
        guard text != rules.keptQuery else { return text }
        do {
            _ = try PayloadQuery(text, roots: rules.queryRoots)
        } catch {
            for finding in error.list {
                reader.faults.add("payloadQuery", finding.isTooLong ? .tooLong : .invalid, finding.description)
            }
        }
        return text
    }

    private static func readFields(_ reader: MemberReader) -> [String]? {
        guard let elements = reader.elements("fields", count: 1...100) else { return nil }
        var fields: [String] = []
        for (field, element) in elements {
            guard let name = reader.string(element, at: field, length: 1...256) else { continue }
            if name.split(separator: ".", omittingEmptySubsequences: false).contains(where: \.isEmpty) {
                reader.faults.add(field, .invalid, "Names joined by single dots are needed, as `cart.sku`.")
            }
            if !fields.contains(name) { fields.append(name) }
        }
        return fields
    }
}
