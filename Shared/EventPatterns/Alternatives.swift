import JSON

/// What one value of the event may be: one of the alternatives between a pattern's square brackets.
struct Alternatives: Sendable {
    /// What one operator asks of a value.
    indirect enum Test: Sendable {
        case prefix([UInt8])
        case suffix([UInt8])
        /// These three hold folded text.
        case foldedPrefix([UInt8])
        case foldedSuffix([UInt8])
        case foldedText([UInt8])
        case wildcard(Wildcard)
        case cidr(AddressBlock)
        case numeric(NumberRange)
        case anythingBut(Alternatives)
    }

    /// UTF-8, sorted.
    private(set) var texts: [[UInt8]] = []
    /// Sorted.
    private(set) var numbers: [JSONDecimal] = []
    var holdsTrue = false
    var holdsFalse = false
    var holdsNull = false
    var tests: [Test] = []
    /// `exists: true`.
    var takesAny = false
    /// `exists: false`.
    var takesAbsence = false

    mutating func add(_ text: [UInt8]) {
        let place = texts.place { $0.lexicographicallyPrecedes(text) }
        if place == texts.count || texts[place] != text { texts.insert(text, at: place) }
    }

    mutating func add(_ number: JSONDecimal) {
        let place = numbers.place { $0 < number }
        if place == numbers.count || numbers[place] != number { numbers.insert(number, at: place) }
    }

    // MARK: Matching

    func fit(of member: EventFilter.Member?) -> Fit {
        switch member {
        case nil: return Fit(byValue: false, byAbsence: takesAbsence)
        case .null: return Fit(byValue: matchesNull, byAbsence: false)
        case .text(var text): return Fit(byValue: text.withUTF8(matches(text:)), byAbsence: false)
        case .value(let value):
            var hasValue = false
            let isMatch = matches(value, hasValue: &hasValue)
            return Fit(byValue: isMatch, byAbsence: takesAbsence && !hasValue)
        }
    }

    /// - Parameter hasValue: set where there is any value that could have matched.
    private func matches(_ value: JSONValue, hasValue: inout Bool) -> Bool {
        switch value.kind {
        case .object: return false
        case .array:
            for element in value.elements where matches(element, hasValue: &hasValue) { return true }
            return false
        case .string, .number, .bool, .null:
            hasValue = true
            return matches(value)
        }
    }

    /// - Parameter value: neither object nor array.
    private func matches(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .string: value.withText(matches(text:)) ?? false
        case .number: matches(number: value)
        case .bool: takesAny || (value.bool == true ? holdsTrue : holdsFalse) || differs { !$0.matches(value) }
        case .null: matchesNull
        case .object, .array: false
        }
    }

    private var matchesNull: Bool { takesAny || holdsNull || differs { _ in true } }

    /// Whether an `anything-but` matches: its alternatives do not. They hold neither booleans nor `null`.
    private func differs(_ isOther: (Alternatives) -> Bool) -> Bool {
        tests.contains { if case .anythingBut(let excluded) = $0 { isOther(excluded) } else { false } }
    }

    private func matches(number value: JSONValue) -> Bool {
        if takesAny { return true }
        guard !numbers.isEmpty || !tests.isEmpty else { return false }
        let number = value.decimal
        if let number, holds(number) { return true }
        return tests.contains { test in
            switch test {
            case .numeric(let range): number.map(range.contains) ?? false
            case .anythingBut(let excluded): number.map { !excluded.holds($0) } ?? true
            default: false
            }
        }
    }

    private func holds(_ number: JSONDecimal) -> Bool {
        let place = numbers.place { $0 < number }
        return place < numbers.count && numbers[place] == number
    }

    private func matches(text: UnsafeBufferPointer<UInt8>) -> Bool {
        if takesAny { return true }
        let place = texts.place { $0.lexicographicallyPrecedes(text) }
        if place < texts.count, texts[place].elementsEqual(text) { return true }
        var folded: [UInt8]?
        return tests.contains { $0.matches(text, &folded) }
    }
}

extension Alternatives.Test {
    /// - Parameter folded: the text folded, once it was needed.
    fileprivate func matches(_ text: UnsafeBufferPointer<UInt8>, _ folded: inout [UInt8]?) -> Bool {
        switch self {
        case .prefix(let wanted): return text.starts(with: wanted)
        case .suffix(let wanted): return text.suffix(wanted.count).elementsEqual(wanted)
        case .foldedPrefix(let wanted): return Self.fold(text, &folded).starts(with: wanted)
        case .foldedSuffix(let wanted): return Self.fold(text, &folded).suffix(wanted.count).elementsEqual(wanted)
        case .foldedText(let wanted): return Self.fold(text, &folded) == wanted
        case .wildcard(let wildcard): return wildcard.matches(text)
        case .cidr(let block): return block.contains(text)
        case .numeric: return false
        case .anythingBut(let excluded): return !excluded.matches(text: text)
        }
    }

    private static func fold(_ text: UnsafeBufferPointer<UInt8>, _ folded: inout [UInt8]?) -> [UInt8] {
        if let folded { return folded }
        let fresh = CaseFolding.fold(text)
        folded = fresh
        return fresh
    }
}

extension Array {
    /// The first index whose element is not before what is looked for: everything before it is.
    fileprivate func place(_ isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
