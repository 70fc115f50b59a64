extension JSONValue {
    /// What `JSON.stringify(JSON.parse(text))` gives in ECMAScript: the form in which receivers written in JavaScript
    /// hash a body. Its own fixed point.
    ///
    /// - Numbers become doubles, written as by `Number.prototype.toString`; beyond the greatest double: `null`.
    /// - Of a repeated name the last value counts, at the place of the first. Names that are array indices
    ///   (`0`–`4294967294`, without leading zeros) come first, by number.
    /// - Strings: quote, backslash and control characters are escaped, lone surrogates as `\udXXX`, nothing else.
    ///
    /// Source: ECMA-262, 15th edition, §§ 25.5.2, 6.1.6.1.20, 10.1.11.1.
    public var ecmaScriptBytes: [UInt8] {
        var bytes: [UInt8] = []
        appendECMAScript(to: &bytes)
        return bytes
    }

    /// Appends ``ecmaScriptBytes``. Recurses once a level, so ``JSONDocument/greatestMaximumDepth`` times at most.
    public func appendECMAScript(to output: inout [UInt8]) {
        switch kind {
        case .null, .bool: output.append(contentsOf: rawBytes)
        case .number: appendECMAScriptNumber(to: &output)
        case .string: appendECMAScriptString(to: &output)
        case .array:
            output.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                element.appendECMAScript(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object:
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in ecmaScriptMembers() {
                if !isFirst { output.append(UInt8(ascii: ",")) }
                isFirst = false
                output.append(contentsOf: member.name)
                output.append(UInt8(ascii: ":"))
                JSONValue(storage: storage, index: member.value).appendECMAScript(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    // MARK: Objects

    /// Members up to which names are compared one with another.
    private static let fewMembers = 12

    /// Names as they are written, quotes included, each once, and where their values are.
    private func ecmaScriptMembers() -> [(name: ArraySlice<UInt8>, value: Int)] {
        var members: [(name: ArraySlice<UInt8>, value: Int)] = []
        var places: [ArraySlice<UInt8>: Int] = [:]
        var hasIndices = false
        var next = index + 1
        let end = endIndex
        while next < end {
            let name = JSONValue(storage: storage, index: next).ecmaScriptText
            let value = next + 1
            next = JSONValue(storage: storage, index: value).endIndex
            hasIndices = hasIndices || arrayIndex(name) != nil
            let earlier: Int?
            if members.count < Self.fewMembers {
                earlier = members.firstIndex { $0.name == name }
            } else {
                if places.isEmpty { for (place, member) in members.enumerated() { places[member.name] = place } }
                earlier = places[name]
            }
            if let earlier {
                members[earlier].value = value
            } else {
                if !places.isEmpty { places[name] = members.count }
                members.append((name, value))
            }
        }
        guard hasIndices else { return members }
        let indices = members.filter { arrayIndex($0.name) != nil }
        return indices.sorted { arrayIndex($0.name) ?? 0 < arrayIndex($1.name) ?? 0 }
            + members.filter { arrayIndex($0.name) == nil }
    }

    // MARK: Strings

    /// The string as it is written, quotes included; mostly a slice of the document.
    private var ecmaScriptText: ArraySlice<UInt8> {
        guard node.extra & JSONNode.escaped != 0 else { return rawBytes }
        var text: [UInt8] = []
        appendECMAScriptString(to: &text)
        return text[...]
    }

    private func appendECMAScriptString(to output: inout [UInt8]) {
        guard node.extra & JSONNode.escaped != 0 else { return output.append(contentsOf: rawBytes) }
        output.append(UInt8(ascii: "\""))
        let content = range.dropFirst().dropLast()
        storage.bytes.withUnsafeBufferPointer { bytes in
            let text = UnsafeBufferPointer(rebasing: bytes[content])
            decodeEscapes(
                of: text, into: &output,
                each: { number in
                    number < 0x20 || number == 0x22 || number == 0x5C ? nil : Unicode.Scalar(number)
                },
                escaping: { unit, output in
                    if let byte = UInt8(exactly: unit) {
                        output.appendEscaped(byte)
                    } else {
                        appendEscape(of: unit, to: &output)
                    }
                })
        }
        output.append(UInt8(ascii: "\""))
    }

    // MARK: Numbers

    /// Decimal digits of whole numbers that every double holds exactly.
    private static let exactDigits = 15

    private func appendECMAScriptNumber(to output: inout [UInt8]) {
        let text = rawBytes
        // A whole number of few digits is written as it came; but `-0` is `0`.
        if node.extra & JSONNode.plain != 0, text.count <= Self.exactDigits, text.first != UInt8(ascii: "-") {
            return output.append(contentsOf: text)
        }
        guard let double = Double(String(decoding: text, as: UTF8.self)), double.isFinite else {
            return output.append(contentsOf: "null".utf8)
        }
        output.append(contentsOf: double.ecmaScriptDescription.utf8)
    }
}

/// The number of a name in quotes that is an array index (ECMA-262 § 6.1.7); nil for any other.
private func arrayIndex(_ name: ArraySlice<UInt8>) -> UInt32? {
    let digits = name.dropFirst().dropLast()
    guard let first = digits.first, isDigit(first), digits.count <= 10, digits.count == 1 || first != UInt8(ascii: "0")
    else { return nil }
    var value: UInt64 = 0
    for byte in digits {
        guard isDigit(byte) else { return nil }
        value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
    }
    return value < UInt64(UInt32.max) ? UInt32(value) : nil
}

extension Double {
    /// As `Number.prototype.toString` writes it (ECMA-262 § 6.1.6.1.20); not a finite number: `null`, as
    /// `JSON.stringify` does.
    public var ecmaScriptDescription: String {
        guard isFinite else { return "null" }
        guard self != 0 else { return "0" }
        // Swift, too, gives the fewest digits that read back as the same double, and of those the nearest.
        let (digits, point) = Self.digits(in: magnitude.description)
        let sign = self < 0 ? "-" : ""
        if (digits.count...21).contains(point) {
            return sign + digits + String(repeating: "0", count: point - digits.count)
        }
        if (1...21).contains(point) { return sign + digits.prefix(point) + "." + digits.dropFirst(point) }
        if (-5...0).contains(point) { return sign + "0." + String(repeating: "0", count: -point) + digits }
        let exponent = point - 1
        let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
        return sign + digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+") + String(exponent.magnitude)
    }

    /// The significant digits of `12.5`, `0.001` or `1e-07`, and where the point stands among them: 0.`digits` ×
    /// 10^`point`.
    private static func digits(in text: String) -> (digits: String, point: Int) {
        let parts = text.split(separator: "e", maxSplits: 1)
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let fraction = mantissa.count > 1 ? mantissa[1] : ""
        var digits = (whole + fraction)[...]
        var point = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.first == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        return (String(digits), point)
    }
}
