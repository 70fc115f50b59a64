import Hosting
import Hummingbird
import HummingbirdCore
import Webhooks

/// The query of a request's URL, decoded as browsers and HTTP libraries write it: `+` is a space.
struct QueryParameters {
    private var values: [String: String] = [:]

    /// - Throws: 400 for a broken `%` escape, bytes that are no UTF-8, U+0000, or a name given twice.
    init(_ uri: URI) throws(Problem) {
        for part in (uri.query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pair[0]), let value = pair.count == 1 ? "" : Self.decode(pair[1]) else {
                throw .badRequest("The query is not validly encoded.", code: "malformed_query")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .badRequest("The query parameter `\(name)` is given twice.", code: "malformed_query")
            }
        }
    }

    /// The text of a parameter; nil where it is not there, or empty.
    func text(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The text of a parameter, be it empty; nil where it is not there.
    func given(_ name: String) -> String? { values[name] }

    /// - Throws: 400 unless it is a whole number of `range`.
    func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(Problem) -> Int {
        guard let text = values[name] else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            throw Self.malformed(name, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// - Throws: 400 unless it is one of the choices.
    func choice<Choice>(
        _ name: String, of choices: [Choice], text: (Choice) -> String
    ) throws(Problem) -> Choice? {
        guard let given = values[name] else { return nil }
        if let choice = choices.first(where: { text($0) == given }) { return choice }
        throw Self.malformed(name, "one of " + choices.map { "`\(text($0))`" }.joined(separator: ", "))
    }

    /// A range of time from two inclusive bounds.
    /// - Throws: 400 unless they are RFC 3339 with a zone.
    func instants(_ name: String) throws(Problem) -> ClosedRange<Instant>? {
        let first = try instant(name + "_min")
        // An answer shows milliseconds; what it shows must be a bound that includes it.
        let last = try instant(name + "_max").map { $0 + .microseconds(999) }
        guard first != nil || last != nil else { return nil }
        let lower = first ?? .distantPast, upper = last ?? .distantFuture
        return lower <= upper ? lower...upper : Instant.distantFuture...Instant.distantFuture
    }

    /// - Throws: 400 unless it is RFC 3339 with a zone.
    func instant(_ name: String) throws(Problem) -> Instant? {
        guard let text = values[name] else { return nil }
        // A zone's plus that was sent as it is has become a space.
        if let instant = Instant(rfc3339: text.replacing(" ", with: "+")) { return instant }
        throw Self.malformed(name, "a time as 2025-10-07T11:48:45.000Z (RFC 3339, with its zone)")
    }

    static func malformed(_ name: String, _ expected: String) -> Problem {
        .badRequest("The query parameter `\(name)` must be \(expected).", code: "malformed_query")
    }

    /// The text of a segment of a path; nil where it is not validly encoded.
    static func decodeSegment(_ text: String) -> String? { decode(text[...], plus: UInt8(ascii: "+")) }

    private static func decode(_ text: Substring, plus: UInt8 = UInt8(ascii: " ")) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(plus)
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16), value != 0,
                    rest.first != UInt8(ascii: "+")
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
