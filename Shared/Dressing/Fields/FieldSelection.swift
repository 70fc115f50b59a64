import JSON

/// The members of an event's data that a webhook gets: dotted names, which go through arrays. What is not named, or not
/// there, is left out, and so is an object or an element of an array in which nothing named is; all else stays as it
/// came, in its order.
struct FieldSelection: Sendable {
    /// What of a value is kept.
    private indirect enum Part: Sendable {
        case whole
        case members([String: Part])

        /// With one more path; a shorter one takes in all longer ones.
        func adding(_ path: ArraySlice<Substring>) -> Part {
            guard let name = path.first, case .members(var parts) = self else { return .whole }
            parts[String(name)] = (parts[String(name)] ?? .members([:])).adding(path.dropFirst())
            return .members(parts)
        }
    }

    private let root: Part

    init(_ names: [String]) {
        root = names.reduce(.members([:])) { part, name in
            part.adding(name.split(separator: ".", omittingEmptySubsequences: false)[...])
        }
    }

    /// - Parameter data: JSON text of an object.
    /// - Returns: compact JSON text of an object.
    func cut(_ data: [UInt8]) -> [UInt8] {
        guard let document = try? JSONDocument(parsing: data, maximumDepth: JSONDocument.greatestMaximumDepth) else {
            return Array("{}".utf8)  // nobody stores such data; none of it is better than too much
        }
        var output: [UInt8] = []
        output.reserveCapacity(data.count)
        if !Self.append(root, of: document.root, to: &output) { output = Array("{}".utf8) }
        return output
    }

    /// False: nothing of it is kept, and nothing was appended.
    private static func append(_ part: Part, of value: JSONValue, to output: inout [UInt8]) -> Bool {
        guard case .members(let parts) = part else {
            value.compact(into: &output)
            return true
        }
        let start = output.count
        switch value.kind {
        case .object:
            for (name, value) in value.members {
                guard let part = parts[name] else { continue }
                let before = output.count
                output.append(before == start ? UInt8(ascii: "{") : UInt8(ascii: ","))
                output.append(UInt8(ascii: "\""))
                output.appendJSONEscaped(name)
                output.append(contentsOf: "\":".utf8)
                if !append(part, of: value, to: &output) { output.removeLast(output.count - before) }
            }
            if output.count > start { output.append(UInt8(ascii: "}")) }
        case .array:
            for element in value.elements {
                let before = output.count
                output.append(before == start ? UInt8(ascii: "[") : UInt8(ascii: ","))
                if !append(part, of: element, to: &output) { output.removeLast(output.count - before) }
            }
            if output.count > start { output.append(UInt8(ascii: "]")) }
        case .string, .number, .bool, .null: break
        }
        return output.count > start
    }
}
