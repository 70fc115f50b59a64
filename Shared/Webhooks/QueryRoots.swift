/// Root fields of payload queries, and the resources that they stand for.
public enum QueryRoots {
    /// Stands for several resources.
    private static let item = ["product", "document", "folder"]

    /// Names of root fields: each resource of the types in camelCase (`topicMap`), and `item`.
    public static func names(for types: [EventType]) -> Set<String> {
        Set(types.map { name(ofResource: $0.resource) }).union(["item"])
    }

    /// `topic-map` → `topicMap`.
    public static func name(ofResource resource: String) -> String {
        let words = resource.split { "-_./".contains($0) }
        return words.dropFirst().reduce(String(words.first ?? "")) { name, word in
            name + word.prefix(1).uppercased() + word.dropFirst()
        }
    }

    /// The resources that a root field may stand for: of a name that the catalogue has not, all spellings.
    public static func resources(of name: String, catalogue: EventCatalogue = .standard) -> [String] {
        if name == "item" { return item }
        if let type = catalogue.types.first(where: { Self.name(ofResource: $0.resource) == name }) {
            return [type.resource]
        }
        var words = [""]
        for letter in name {
            if letter.isUppercase, words != [""] { words.append("") }
            words[words.count - 1] += letter.lowercased()
        }
        let spellings = ["-", "_", ".", "/"].map { words.joined(separator: $0) }
        return words.count == 1 ? [name] : [name] + spellings
    }
}
