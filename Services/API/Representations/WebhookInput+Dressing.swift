import Dressing
import JSON
import Webhooks

extension WebhookInput {
    /// `signatures`, `payloadQuery`, `preserveDefaultPayload`, `fields`, `debounceSeconds`, `format`, `data`.
    static func readDressing(_ reader: MemberReader, dialect: Dialect, into draft: inout WebhookConfiguration) {
        draft.signatures = readSignatures(reader)
        draft.payloadQuery = readQuery(reader)
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

    /// At most 4 KiB; the grammar is not judged yet.
    private static func readQuery(_ reader: MemberReader) -> String? {
        guard let query = reader.string("payloadQuery", length: 1...4096) else { return nil }
        if query.utf8.count > 4096 {
            reader.faults.add("payloadQuery", .tooLong, "At most 4096 bytes, not \(query.utf8.count).")
        }
        return query
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
