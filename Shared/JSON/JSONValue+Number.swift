extension JSONValue {
    /// The number as an integer; nil unless it is a number whose value, however written, is whole and fits: `1.0` and
    /// `1e2` are integers, `1.5` and `1e30` are not.
    public var integer: Int64? {
        guard kind == .number else { return nil }
        if node.extra & JSONNode.plain != 0 { return Int64(decoding: rawBytes) }
        return JSONDecimal(rawBytes).flatMap(\.integer)
    }

    /// The nearest double; nil unless it is a number, and one within the range of doubles.
    public var double: Double? {
        guard kind == .number, let double = Double(String(decoding: rawBytes, as: UTF8.self)), double.isFinite else {
            return nil
        }
        return double
    }
}

extension JSONValue {
    /// The exact number; nil unless it is one, with an exponent that an `Int32` holds.
    public var decimal: JSONDecimal? { kind == .number ? JSONDecimal(rawBytes) : nil }
}

/// A JSON number taken apart exactly: `digits` × 10^`exponent`, without zeros at either end of the digits.
///
/// Equal and ordered as numbers, however they were written; nothing is rounded.
public struct JSONDecimal: Hashable, Comparable, Sendable {
    /// Never negative zero.
    let isNegative: Bool
    /// ASCII; empty for zero.
    let digits: [UInt8]
    let exponent: Int

    /// Nil when the exponent is beyond what an `Int` adds up to.
    ///
    /// - Parameter text: a number that the parser accepted.
    init?(_ text: ArraySlice<UInt8>) {
        var digits: [UInt8] = []
        var exponent = 0
        var inFraction = false
        var rest = text
        let hasSign = rest.first == UInt8(ascii: "-")
        if hasSign { rest.removeFirst() }
        scan: while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
                guard let written = Int64(decoding: rest), written.magnitude < UInt64(Int32.max) else { return nil }
                exponent += Int(written)
                break scan
            default:
                if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
                if inFraction { exponent -= 1 }
            }
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        isNegative = hasSign && !digits.isEmpty
    }

    public static func < (one: Self, other: Self) -> Bool {
        if one.isNegative != other.isNegative { return one.isNegative }
        return one.isNegative ? other.hasLessMagnitude(than: one) : one.hasLessMagnitude(than: other)
    }

    private func hasLessMagnitude(than other: Self) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        let places = (digits.count + exponent, other.digits.count + other.exponent)
        return places.0 != places.1 ? places.0 < places.1 : digits.lexicographicallyPrecedes(other.digits)
    }

    /// Nil unless whole and within `Int64`.
    var integer: Int64? {
        guard exponent >= 0, digits.count + exponent <= 19 else { return nil }
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        text += digits.isEmpty ? [UInt8(ascii: "0")] : digits
        text += [UInt8](repeating: UInt8(ascii: "0"), count: exponent)
        return Int64(decoding: text[...])
    }
}

extension Int64 {
    /// Nil unless the text is an optional minus and decimal digits that fit.
    init?(decoding text: ArraySlice<UInt8>) {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard isDigit(byte) else { return nil }
            let (product, tooFar) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte - UInt8(ascii: "0"))
            let (sum, overflow) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !tooFar, !overflow else { return nil }
            value = sum
        }
        self = value
    }
}
