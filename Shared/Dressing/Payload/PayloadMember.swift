import JSON

/// A top-level member of a payload.
public struct PayloadMember: Hashable, Sendable {
    enum Value: Hashable, Sendable {
        case string(String)
        /// Compact JSON text.
        case json([UInt8])
    }

    /// Decoded.
    public let name: String
    let value: Value

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = .string(value)
    }

    /// Nil stands for `null`.
    init(_ name: String, orNull value: String?) {
        self.name = name
        self.value = value.map { .string($0) } ?? .json(Array("null".utf8))
    }

    init(_ name: String, json: [UInt8]) {
        self.name = name
        value = .json(json)
    }

    /// The value as compact JSON text.
    public var json: [UInt8] {
        switch value {
        case .json(let text): return text
        case .string(let text):
            var writer = JSONWriter()
            writer.string(text)
            return writer.bytes
        }
    }

    /// The value in a query: strings as they are, all else as JSON text.
    var queryText: String {
        switch value {
        case .string(let text): text
        case .json(let text):
            text.first == UInt8(ascii: "\"")
                ? (try? JSONDocument(parsing: text))?.root.string ?? "" : String(decoding: text, as: UTF8.self)
        }
    }

    // MARK: Lists of them

    /// The members of an object's text, in its order; of a repeated name the last value, in the first one's place.
    /// None where it is no object.
    static func all(in text: [UInt8]) -> [PayloadMember] {
        guard let root = Self.root(of: text) else { return [] }
        return unique(root.members.map { PayloadMember($0.name, json: $0.value.compactBytes) })
    }

    /// Nil where it is no JSON. Events are as deep as the ingester lets them be, and lie deeper in a payload.
    static func root(of text: [UInt8]) -> JSONValue? {
        (try? JSONDocument(parsing: text, maximumDepth: JSONDocument.greatestMaximumDepth))?.root
    }

    /// The members of both: one of `above` takes the place of its namesake, the rest of them follow.
    static func merge(_ above: [PayloadMember], into below: [PayloadMember]) -> [PayloadMember] {
        unique(below + above)
    }

    static func unique(_ members: [PayloadMember]) -> [PayloadMember] {
        // By bytes: to Swift, names that differ in Unicode's normal form only are equal; to JSON they are two.
        var places: [[UInt8]: Int] = [:]
        var unique: [PayloadMember] = []
        unique.reserveCapacity(members.count)
        for member in members {
            let name = Array(member.name.utf8)
            if let place = places[name] {
                unique[place] = member
            } else {
                places[name] = unique.count
                unique.append(member)
            }
        }
        return unique
    }

    /// An object of them, as compact JSON text.
    static func text(of members: [PayloadMember]) -> [UInt8] {
        let size = members.reduce(64) { size, member in
            switch member.value {
            case .string(let text): size + member.name.utf8.count + text.utf8.count + 8
            case .json(let text): size + member.name.utf8.count + text.count + 8
            }
        }
        var writer = JSONWriter(capacity: size)
        writer.beginObject()
        for member in members {
            switch member.value {
            case .string(let text): writer.member(member.name, text)
            case .json(let text): writer.member(member.name, raw: text)
            }
        }
        writer.endObject()
        return writer.bytes
    }
}
