import Hosting
import JSON
import Store
import Webhooks

/// Decodes envelopes one after the other, and gathers the faults of all of them.
struct EventDecoder {
    /// Characters of an `id`.
    static let keyLimit = 256
    /// The code of a type that is not in the catalogue.
    static let unknownType = "unknown_event_type"
    /// Faults of a body after which unknown types come without suggestions.
    private static let suggestionLimit = 20

    let catalogue: EventCatalogue
    let ownTypes: [String: EventType]
    let takesAnyType: Bool
    let traceparent: String?
    let tracestate: String?
    let idempotencyKey: String?
    private(set) var faults: [Problem.Fault] = []

    init(
        catalogue: EventCatalogue, ownTypes: [String: EventType] = [:], takesAnyType: Bool, traceparent: String?,
        tracestate: String? = nil, idempotencyKey: String?
    ) {
        self.catalogue = catalogue
        self.ownTypes = ownTypes
        self.takesAnyType = takesAnyType
        self.traceparent = traceparent
        self.tracestate = tracestate
        self.idempotencyKey = idempotencyKey
    }

    struct Members {
        var type: EventType?
        /// Of what the producer said to tell this event from others.
        var key: Fingerprint?
        /// In place of the request's.
        var traceparent: String?
        var tracestate: String?
        var occurredAt: Instant?
        /// As it was written: the same instant in another spelling is another JSON value.
        var occurredAtText: String?
        var resourceID: String?
        var data: JSONValue?
        var related: JSONValue?
    }

    /// The event in `value`; nil when it has faults, which are added to ``faults``.
    ///
    /// - Parameters:
    ///   - index: of the event in its list; nil for a single one.
    ///   - isCloudEvent: whether it is one in the JSON format of CloudEvents.
    mutating func decode(_ value: JSONValue, at index: Int?, isCloudEvent: Bool = false) -> EventSubmission? {
        let known = faults.count
        let prefix = index.map { "[\($0)]" } ?? ""
        guard value.kind == .object else {
            fault(prefix, "wrong_type", "An event is an object.")
            return nil
        }
        let path = prefix.isEmpty ? "" : prefix + "."
        return submission(of: isCloudEvent ? readCloudEvent(value, path) : read(value, path), at: index, since: known)
    }

    /// Nil where there are more than `known` faults.
    func submission(of members: Members, at index: Int?, since known: Int) -> EventSubmission? {
        guard faults.count == known, let type = members.type, let data = members.data else { return nil }
        let key = members.key ?? standIn(at: index)
        let resourceID = members.resourceID ?? Self.resourceID(of: data)
        return EventSubmission(
            id: Event.ID(), type: type.name, resourceID: resourceID,
            resource: resourceID.map { Fingerprint(resource: type.resource, id: $0) }, isPartial: type.isPartial,
            occurredAt: members.occurredAt, traceparent: members.traceparent ?? traceparent,
            tracestate: members.traceparent == nil ? tracestate : members.tracestate,
            data: StoredPayload.encode(data.compactBytes),
            related: members.related.map { StoredPayload.encode($0.compactBytes) },
            key: key.map {
                EventSubmission.Key(
                    key: $0, body: Self.content(type, resourceID, members.occurredAtText, data, members.related))
            })
    }

    // MARK: Members

    private mutating func read(_ value: JSONValue, _ path: String) -> Members {
        var members = Members()
        var hasType = false
        var hasData = false
        for (name, value) in value.members {
            if value.containsNUL {
                fault(path + name, "nul", "U+0000 cannot be stored.")
                hasType = hasType || name == "type"
                hasData = hasData || name == "data"
                continue
            }
            switch name {
            case "type":
                hasType = true
                members.type = type(value, path)
            case "data":
                hasData = true
                if value.kind == .object { members.data = value } else { wrongType(path + name, "an object") }
            case "id":
                members.key = text(value, path + name, limit: Self.keyLimit).map { Fingerprint(of: [Array($0.utf8)]) }
            case "resourceId": members.resourceID = text(value, path + name, limit: nil)
            case "occurredAt":
                members.occurredAt = instant(value, path + name)
                members.occurredAtText = value.string
            case "related" where value.isNull: break
            case "related":
                if value.kind == .object { members.related = value } else { wrongType(path + name, "an object") }
            default: fault(path + name, "unknown_member", "An event has no such member.")
            }
        }
        if !hasType { fault(path + "type", "required", "The event's type is missing.") }
        if !hasData { fault(path + "data", "required", "The event's data is missing.") }
        return members
    }

    private mutating func type(_ value: JSONValue, _ path: String) -> EventType? {
        guard let text = value.string else {
            wrongType(path + "type", "a string")
            return nil
        }
        return type(named: text, path)
    }

    mutating func type(named text: String, _ path: String) -> EventType? {
        if let type = catalogue.type(named: text) {
            guard type.isOperational else { return type }
            fault(path + "type", "reserved_event_type", "Only Martlet itself posts events of this type.")
            return nil
        }
        if let type = ownTypes[text] { return type }
        if takesAnyType, let type = EventType(openName: text) { return type }
        // Looking for what may have been meant is not cheap, and a list may have a thousand wrong names.
        let near = takesAnyType || faults.count >= Self.suggestionLimit ? [] : catalogue.nearNames(to: text)
        let hint = near.isEmpty ? "" : " Did you mean \(near.joined(separator: ", "))?"
        fault(path + "type", Self.unknownType, "There is no such event type." + hint)
        return nil
    }

    /// A string that is not empty; a `null` is as good as none.
    mutating func text(_ value: JSONValue, _ field: String, limit: Int?) -> String? {
        if value.isNull { return nil }
        guard let text = value.string else {
            wrongType(field, "a string")
            return nil
        }
        return self.text(text, field, limit: limit)
    }

    mutating func text(_ text: String, _ field: String, limit: Int?) -> String? {
        if text.isEmpty { fault(field, "empty", "It must not be empty.") }
        if let limit, text.unicodeScalars.count > limit {
            fault(field, "too_long", "It may have \(limit) characters.")
        }
        return text
    }

    private mutating func instant(_ value: JSONValue, _ field: String) -> Instant? {
        if value.isNull { return nil }
        guard let text = value.string else {
            wrongType(field, "a string")
            return nil
        }
        return instant(text, field)
    }

    mutating func instant(_ text: String, _ field: String) -> Instant? {
        guard let instant = Instant(rfc3339: text) else {
            fault(field, "malformed_time", "It must be an RFC 3339 time with zone, e.g. 2025-10-07T11:48:45.000Z.")
            return nil
        }
        return instant
    }

    // MARK: What follows from them

    private func standIn(at index: Int?) -> Fingerprint? {
        guard let idempotencyKey else { return nil }
        guard let index else { return Fingerprint(of: [Array(idempotencyKey.utf8)]) }
        // No id holds NUL, so no key of a list equals one that a producer gave.
        return Fingerprint(of: [Array(idempotencyKey.utf8), [0], Array("\(index)".utf8)])
    }

    /// `data.id`, where it is a string or a number.
    private static func resourceID(of data: JSONValue) -> String? {
        data.member("id")?.resourceID
    }

    /// Two submissions have the same content when their members are the same JSON values.
    private static func content(
        _ type: EventType, _ resourceID: String?, _ occurredAt: String?, _ data: JSONValue, _ related: JSONValue?
    ) -> Fingerprint {
        Fingerprint(of: [
            Array(type.name.utf8), [0], Array((resourceID ?? "").utf8), [0],
            Array((occurredAt ?? "").utf8), [0], data.canonicalBytes, [0],
            related?.canonicalBytes ?? [],
        ])
    }

    mutating func wrongType(_ field: String, _ expected: String) {
        fault(field, "wrong_type", "It must be \(expected).")
    }

    mutating func fault(_ field: String, _ code: String, _ detail: String) {
        faults.append(Problem.Fault(field: field, code: code, detail: detail))
    }
}
