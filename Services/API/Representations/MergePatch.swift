import JSON

/// JSON Merge Patch (RFC 7396) on the members that a tenant writes.
///
/// Two things are more than its letter. Names below `headers` are the same whatever their case, as header names are.
/// And a
/// `null` for a member that is not there stays, so that the parser sees a mistyped name; a known one counts as absent.
enum MergePatch {
    /// Members with free names: a `null` for one that is not there means nothing.
    private static let maps: Set<String> = ["headers", "metadata", "filter"]

    /// - Parameters: two objects, at most as deep as a document can be.
    /// - Returns: compact JSON text.
    static func merge(_ patch: JSONValue, into target: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        write(patch, over: target, level: Level(isTop: true), into: &bytes)
        return bytes
    }

    private struct Level {
        var isTop = false
        var keepsUnknownNulls = true
        var foldsCase = false

        func below(_ name: String) -> Level {
            guard isTop else { return Level(keepsUnknownNulls: keepsUnknownNulls) }
            return Level(keepsUnknownNulls: !maps.contains(name), foldsCase: name == "headers")
        }
    }

    private static func write(
        _ patch: JSONValue, over target: JSONValue?, level: Level, into bytes: inout [UInt8]
    ) {
        guard let changes = patch.objectMembers else { return patch.compact(into: &bytes) }
        let old = target.map { Array($0.members) } ?? []
        func key(_ name: String) -> String { level.foldsCase ? name.lowercased() : name }
        let changed = Set(changes.map { key($0.name) })  // the last of two equal names wins
        var isFirst = true
        func begin(_ name: String) {
            bytes.append(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ","))
            isFirst = false
            bytes.append(UInt8(ascii: "\""))
            bytes.appendJSONEscaped(name)
            bytes.append(contentsOf: "\":".utf8)
        }
        for (name, value) in old where !changed.contains(key(name)) {
            begin(name)
            value.compact(into: &bytes)
        }
        for (name, value) in changes {
            let before = old.last { key($0.name) == key(name) }?.value
            if value.isNull {
                guard before == nil, level.keepsUnknownNulls else { continue }
                begin(name)
                value.compact(into: &bytes)
                continue
            }
            begin(name)
            write(value, over: before, level: level.below(name), into: &bytes)
        }
        bytes.append(contentsOf: Array((isFirst ? "{}" : "}").utf8))
    }
}
