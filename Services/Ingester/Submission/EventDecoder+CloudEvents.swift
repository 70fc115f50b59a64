import Hosting
import JSON
import Webhooks

/// CloudEvents 1.0: `type` is a name of the catalogue, `subject` the resource id, `time` when it happened, `source` and
/// `id` together the idempotency key. Other attributes are read over, as the specification wants it.
extension EventDecoder {
    /// Characters of a `source`.
    static let sourceLimit = 2048

    private enum Attribute: String, CaseIterable {
        case specversion, id, source, type, subject, time, datacontenttype, traceparent, tracestate

        static let required: [Attribute] = [.specversion, .id, .source, .type]
    }

    /// The event whose attributes came beside its data (binary mode).
    mutating func decodeCloudEvent(_ attributes: [String: String], data: JSONValue) -> EventSubmission? {
        let known = faults.count
        var given: [Attribute: String] = [:]
        for (name, value) in attributes {
            guard !value.unicodeScalars.contains("\0") else {
                fault(name, "nul", "U+0000 cannot be stored.")
                continue
            }
            if let attribute = Attribute(rawValue: name) { given[attribute] = value }
        }
        given[.datacontenttype] = nil  // the request's Content-Type says it
        var members = members(of: given, "")
        read(data: data, "", into: &members)
        return submission(of: members, at: nil, since: known)
    }

    /// The event in the JSON format. A member that is null counts as absent.
    mutating func readCloudEvent(_ value: JSONValue, _ path: String) -> Members {
        var given: [Attribute: String] = [:]
        var data: JSONValue?
        for (name, value) in value.members where !value.isNull {
            switch name {
            case "data": data = value
            case "data_base64": fault(path + name, "unsupported", "The data of an event is a JSON object.")
            default:
                guard !value.containsNUL, !name.utf8.contains(0) else {
                    fault(path + name, "nul", "U+0000 cannot be stored.")
                    continue
                }
                guard let attribute = Attribute(rawValue: name) else { continue }
                if let text = value.string { given[attribute] = text } else { wrongType(path + name, "a string") }
            }
        }
        var members = members(of: given, path)
        if let data {
            read(data: data, path, into: &members)
        } else {
            fault(path + "data", "required", "The event's data is missing.")
        }
        return members
    }

    private mutating func members(of given: [Attribute: String], _ path: String) -> Members {
        for attribute in Attribute.required where given[attribute] == nil {
            // One that was there and no text has its fault already.
            guard !faults.contains(where: { $0.field == path + attribute.rawValue }) else { continue }
            fault(path + attribute.rawValue, "required", "A CloudEvent has this attribute.")
        }
        if let version = given[.specversion], version != "1.0" {
            fault(path + "specversion", "unsupported", "Version 1.0 of CloudEvents is taken.")
        }
        if let type = given[.datacontenttype], !CloudEventHeaders.isJSON(Self.mediaType(type)) {
            fault(path + "datacontenttype", "unsupported", "The data of an event is a JSON object.")
        }
        var members = Members()
        members.type = given[.type].flatMap { type(named: $0, path) }
        members.resourceID = given[.subject].flatMap { text($0, path + "subject", limit: nil) }
        members.occurredAt = given[.time].flatMap { instant($0, path + "time") }
        members.occurredAtText = given[.time]
        members.traceparent = given[.traceparent].flatMap(Traceparent.init)?.text
        members.tracestate = given[.tracestate].flatMap(Tracestate.init)?.text
        if let source = given[.source].flatMap({ text($0, path + "source", limit: Self.sourceLimit) }),
            let id = given[.id].flatMap({ text($0, path + "id", limit: Self.keyLimit) })
        {
            // No text holds NUL, so no key of another kind equals one of these.
            members.key = Fingerprint(of: [[0], Array(source.utf8), [0], Array(id.utf8)])
        }
        return members
    }

    private mutating func read(data: JSONValue, _ path: String, into members: inout Members) {
        if data.containsNUL {
            fault(path + "data", "nul", "U+0000 cannot be stored.")
        } else if data.isObject {
            members.data = data
        } else {
            wrongType(path + "data", "an object")
        }
    }

    private static func mediaType(_ text: String) -> String {
        String(text.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" })
    }
}
