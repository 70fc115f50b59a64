/// Header fields in order; of two with one name, whatever its spelling, the later takes the place of the earlier.
struct HeaderList {
    private(set) var fields: [(name: String, value: String)] = []

    func holds(_ name: String) -> Bool { fields.contains { $0.name.lowercased() == name.lowercased() } }

    /// A name or value with a control character in it, which could end the field early, is left out: the API takes
    /// none, so only a row that it did not write can hold one.
    mutating func set(_ name: String, _ value: String) {
        guard !name.isEmpty, Self.isHarmless(name), Self.isHarmless(value) else { return }
        let folded = name.lowercased()
        fields.removeAll { $0.name.lowercased() == folded }
        fields.append((name, value))
    }

    static func isHarmless(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }
}
