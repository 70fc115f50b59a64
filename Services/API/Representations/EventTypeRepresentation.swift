import JSON
import Store
import Webhooks

/// An event type as answers show it.
struct EventTypeRepresentation {
    let type: EventType
    /// Nil for a type of the catalogue.
    let createdAt: Instant?
    /// JSON text of `data`.
    let example: [UInt8]
    /// JSON text; nil where none was given.
    let schema: [UInt8]?

    init(builtIn type: EventType) {
        self.type = type
        createdAt = nil
        example = EventExamples.standard.data(of: type)
        schema = nil
    }

    init(own: TenantEventType) {
        type = own.type
        createdAt = own.createdAt
        example = own.example.map { Array($0.utf8) } ?? EventExamples.standard.data(of: own.type)
        schema = own.schema.map { Array($0.utf8) }
    }

    func writeMembers(to writer: inout JSONWriter) {
        writer.member("name", type.name)
        writer.member("resource", type.resource)
        writer.member("event", type.action)
        writer.member("description", type.description)
        writer.member("aliases", type.aliases)
        writer.member("partial", type.isPartial)
        writer.member("operational", type.isOperational)
        writer.member("own", createdAt != nil)
        writer.member("createdAt", createdAt)
    }
}

/// What a request body says about an event type of a tenant's own, checked whole.
struct EventTypeInput {
    /// Bytes of a schema, or an example, at most.
    private static let textLimit = 64 * 1024

    let type: EventType
    /// Compact JSON text.
    let schema: [UInt8]?
    /// Compact JSON text.
    let example: [UInt8]?

    /// Nil where anything was wrong; `faults` then says what.
    init?(_ body: JSONValue, faults: Faults) {
        guard
            let reader = MemberReader(body, known: ["name", "description", "schema", "example"], faults: faults)
        else { return nil }
        let name = reader.string("name", length: 1...128, isRequired: true)
        var open: EventType?
        if let name {
            // A slash would part the path of the type's own page.
            open = name.contains("/") ? nil : EventType(openName: name)
            if open == nil {
                faults.add("name", .invalid, "Letters, digits, `-`, `_`, `.`; the first a letter or a digit.")
            }
        }
        let description = reader.string("description", length: 0...2000)
        schema = Self.object("schema", of: reader)
        example = Self.object("example", of: reader)
        guard faults.isEmpty, let open else { return nil }
        type = EventType(
            name: open.name, resource: open.resource, action: open.action, description: description ?? "")
    }

    private static func object(_ name: String, of reader: MemberReader) -> [UInt8]? {
        guard let value = reader.value(name) else { return nil }
        guard value.isObject else {
            reader.faults.add(name, .wrongType, "An object is needed, not \(value.kindName).")
            return nil
        }
        guard !value.containsNUL else {
            reader.faults.add(name, .invalid, "U+0000 cannot be kept.")
            return nil
        }
        let text = value.compactBytes
        guard text.count <= textLimit else {
            reader.faults.add(name, .tooLong, "At most \(textLimit) bytes, not \(text.count).")
            return nil
        }
        return text
    }
}
