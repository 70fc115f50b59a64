import JSON

/// What the data of an event of each type may look like: those of `Resources/event-examples.json`, which is built in.
///
/// For test sends, previews and documentation. A type is looked up by its name, then by its resource.
public struct EventExamples: Sendable {
    /// The ones that are built in.
    public static let standard = EventExamples()

    private let texts: [String: [UInt8]]

    private init() {
        // The file is part of the program and tests read it: a fault in it cannot come from outside.
        let document = try? JSONDocument(parsing: PackageResources.event_examples_json)
        var texts: [String: [UInt8]] = [:]
        for (name, value) in document?.root.members.map({ ($0.name, $0.value) }) ?? [] {
            texts[name] = value.compactBytes
        }
        self.texts = texts
    }

    /// Compact JSON text of an object with an `id`.
    public func data(of type: EventType) -> [UInt8] {
        texts[type.name] ?? texts[type.resource] ?? Array(#"{"id":"example"}"#.utf8)
    }
}

/// A JSON Schema (2020-12) that a document satisfies, and others of its kind: types of members, nothing required but
/// `id`, nothing forbidden.
public enum ExampleSchema {
    /// Compact JSON text.
    public static func text(of example: [UInt8]) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("$schema", "https://json-schema.org/draft/2020-12/schema")
            guard let document = try? JSONDocument(parsing: example) else { return }
            write(document.root, to: &writer)
            guard document.root.member("id") != nil else { return }
            writer.name("required")
            writer.array { $0.string("id") }
        }
        return writer.bytes
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.member("type", "object")
            writer.name("properties")
            writer.object { writer in
                for (name, member) in value.members {
                    writer.name(name)
                    writer.object { write(member, to: &$0) }
                }
            }
        case .array:
            writer.member("type", "array")
            guard let first = value.elements.first else { return }
            writer.name("items")
            writer.object { write(first, to: &$0) }
        case .string: writer.member("type", "string")
        case .number: writer.member("type", "number")
        case .bool: writer.member("type", "boolean")
        case .null: break  // may be anything
        }
    }
}
