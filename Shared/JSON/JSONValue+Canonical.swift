extension JSONValue {
    /// Bytes that two values share exactly when they are equal as JSON values: what to hash for a digest of content.
    ///
    /// - Whitespace and the order of members do not count; of a repeated name the last member counts.
    /// - Strings and names are equal when their decoded characters are; a surrogate without its partner equals itself.
    /// - Numbers are equal when their exact decimal values are: `1`, `1.0`, `1e0`, `10E-1`; also `0` and `-0`. Nothing
    ///   is rounded to a double. Beyond an exponent of ± 2 147 483 646 they are equal only when written alike.
    /// - An array equals one with equal elements in the same order; values of different kinds are never equal.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendCanonical(to: &bytes)
        return bytes
    }

    /// Appends ``canonicalBytes``. Recurses once a level, so ``JSONDocument/greatestMaximumDepth`` times at most.
    public func appendCanonical(to output: inout [UInt8]) {
        switch kind {
        case .null, .bool: output.append(contentsOf: rawBytes)
        case .number: appendCanonicalNumber(to: &output)
        case .string: appendCanonicalString(to: &output)
        case .array:
            output.append(UInt8(ascii: "["))
            for (place, element) in elements.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                element.appendCanonical(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object: appendCanonicalObject(to: &output)
        }
    }

    /// Whether both are the same JSON value in the sense of ``canonicalBytes``.
    public func isEquivalent(to other: JSONValue) -> Bool { canonicalBytes == other.canonicalBytes }

    private func appendCanonicalObject(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        for (place, member) in canonicalMembers().enumerated() {
            if place > 0 { output.append(UInt8(ascii: ",")) }
            output.append(UInt8(ascii: "\""))
            output.append(contentsOf: member.name)
            output.append(UInt8(ascii: "\""))
            output.append(UInt8(ascii: ":"))
            JSONValue(storage: storage, index: member.value).appendCanonical(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Names as they are written between quotes, sorted by their bytes, each once, and where their values are.
    private func canonicalMembers() -> [(name: ArraySlice<UInt8>, value: Int)] {
        var members: [(name: ArraySlice<UInt8>, value: Int)] = []
        var next = index + 1
        let end = endIndex
        while next < end {
            members.append((JSONValue(storage: storage, index: next).canonicalContent, next + 1))
            next = JSONValue(storage: storage, index: next + 1).endIndex
        }
        members.sort { one, other in
            switch compare(one.name, other.name) {
            case 0: one.value < other.value
            case let order: order < 0
            }
        }
        // Of equal names, now side by side, the last one counts.
        var unique = 0
        for place in members.indices {
            if place + 1 < members.count, compare(members[place].name, members[place + 1].name) == 0 { continue }
            members[unique] = members[place]
            unique += 1
        }
        members.removeLast(members.count - unique)
        return members
    }

    /// What ``appendCanonicalString(to:)`` writes between the quotes; mostly a slice of the document.
    private var canonicalContent: ArraySlice<UInt8> {
        guard node.extra & JSONNode.escaped != 0 else { return storage.bytes[range.dropFirst().dropLast()] }
        var name: [UInt8] = []
        appendCanonicalString(to: &name)
        return name.dropFirst().dropLast()
    }

    /// Characters as they are, but quote, backslash, control characters and lone surrogates as `\uXXXX`.
    private func appendCanonicalString(to output: inout [UInt8]) {
        guard node.extra & JSONNode.escaped != 0 else { return output.append(contentsOf: rawBytes) }
        output.append(UInt8(ascii: "\""))
        let content = range.dropFirst().dropLast()
        storage.bytes.withUnsafeBufferPointer { bytes in
            decodeEscapes(of: UnsafeBufferPointer(rebasing: bytes[content]), into: &output) { number in
                number < 0x20 || number == 0x22 || number == 0x5C ? nil : Unicode.Scalar(number)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private func appendCanonicalNumber(to output: inout [UInt8]) {
        let text = rawBytes
        if node.extra & JSONNode.plain != 0, text.last != UInt8(ascii: "0") || text.count == 1 {
            return output.append(contentsOf: text)  // a whole number without zeros at its end is as it is written
        }
        guard let decimal = JSONDecimal(text) else { return output.append(contentsOf: text) }
        if decimal.isNegative { output.append(UInt8(ascii: "-")) }
        output.append(contentsOf: decimal.digits.isEmpty ? [UInt8(ascii: "0")] : decimal.digits)
        if decimal.exponent != 0 { output.append(contentsOf: "e\(decimal.exponent)".utf8) }
    }
}

/// Below, at or above 0 as the bytes of the first text come before, equal or come after the second's.
private func compare(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Int {
    one.withUnsafeBufferPointer { one in
        other.withUnsafeBufferPointer { other in
            for place in 0..<min(one.count, other.count) where one[place] != other[place] {
                return one[place] < other[place] ? -1 : 1
            }
            return one.count - other.count
        }
    }
}
