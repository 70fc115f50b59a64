import JSON

/// The names of operators.
enum PatternOperator: String, CaseIterable {
    case prefix, suffix, wildcard, numeric, exists, cidr
    case ignoringCase = "equals-ignore-case"
    case anythingBut = "anything-but"

    /// Those that stand inside `anything-but`.
    static let ofAnythingBut: [Self] = [.prefix, .suffix, .ignoringCase, .wildcard]
}

extension PatternReader {
    /// `{"prefix":"a"}` and its like.
    mutating func read(operator value: JSONValue, at path: String, into alternatives: inout Alternatives) {
        guard let (name, operand, path) = one(of: PatternOperator.allCases, in: value, at: path) else { return }
        switch name {
        case .prefix, .suffix: readEnd(name, operand, at: path, into: &alternatives)
        case .ignoringCase, .wildcard: readText(name, operand, at: path, into: &alternatives)
        case .numeric: if let range = range(operand, at: path) { alternatives.tests.append(.numeric(range)) }
        case .exists:
            guard let exists = operand.bool else { return fault(.wrongType, path, "`true` or `false` is needed.") }
            if exists { alternatives.takesAny = true } else { alternatives.takesAbsence = true }
        case .cidr:
            guard let text = text(operand, at: path) else { return }
            guard let block = AddressBlock(text) else {
                return fault(.invalid, path, "An address and its bits are needed, as `10.0.0.0/24` or `2001:db8::/32`.")
            }
            alternatives.tests.append(.cidr(block))
        case .anythingBut:
            if let excluded = excluded(operand, at: path) { alternatives.tests.append(.anythingBut(excluded)) }
        }
    }

    /// The one member of an object whose name is an operator's.
    private mutating func one(
        of operators: [PatternOperator], in value: JSONValue, at path: String
    ) -> (PatternOperator, JSONValue, path: String)? {
        guard let (name, operand) = value.members.first, value.members.count == 1 else {
            fault(.invalid, path, "An operator is an object with one member.")
            return nil
        }
        let path = Self.path(path, name)
        guard let known = PatternOperator(rawValue: name), operators.contains(known) else {
            let names = operators.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            fault(.unknownOperator, path, "One of \(names) is needed.")
            return nil
        }
        return (known, operand, path)
    }

    private mutating func text(_ value: JSONValue, at path: String) -> String? {
        if let text = value.string { return text }
        fault(.wrongType, path, "A string is needed.")
        return nil
    }

    // MARK: Texts

    /// `prefix` and `suffix`: a text, or `{"equals-ignore-case": text}`.
    private mutating func readEnd(
        _ name: PatternOperator, _ value: JSONValue, at path: String, into alternatives: inout Alternatives
    ) {
        guard value.isObject else {
            guard let text = text(value, at: path) else { return }
            let bytes = Array(text.utf8)
            return alternatives.tests.append(name == .prefix ? .prefix(bytes) : .suffix(bytes))
        }
        guard let (_, operand, path) = one(of: [.ignoringCase], in: value, at: path),
            let text = text(operand, at: path)
        else { return }
        let folded = CaseFolding.fold(text.utf8)
        alternatives.tests.append(name == .prefix ? .foldedPrefix(folded) : .foldedSuffix(folded))
    }

    /// `equals-ignore-case` and `wildcard`.
    private mutating func readText(
        _ name: PatternOperator, _ value: JSONValue, at path: String, into alternatives: inout Alternatives
    ) {
        guard let text = text(value, at: path) else { return }
        guard name == .wildcard else { return alternatives.tests.append(.foldedText(CaseFolding.fold(text.utf8))) }
        do throws(Wildcard.Fault) { alternatives.tests.append(.wildcard(try Wildcard(text.utf8))) } catch {
            switch error {
            case .doubled: fault(.invalid, path, "`*` may not follow `*`.")
            case .escape: fault(.invalid, path, #"A backslash stands before `*` or another one only."#)
            }
        }
    }

    // MARK: anything-but

    private mutating func excluded(_ value: JSONValue, at path: String) -> Alternatives? {
        var excluded = Alternatives()
        guard value.isObject else {
            readExcluded(value, at: path, into: &excluded)
            return excluded
        }
        guard let (name, operand, path) = one(of: PatternOperator.ofAnythingBut, in: value, at: path) else {
            return nil
        }
        for (value, path) in listed(operand, at: path) {
            guard let text = text(value, at: path) else { continue }
            switch name {
            case .prefix, .suffix:
                if text.isEmpty { fault(.tooShort, path, "An empty text is at the end of every text.") }
                let bytes = Array(text.utf8)
                excluded.tests.append(name == .prefix ? .prefix(bytes) : .suffix(bytes))
            default: readText(name, value, at: path, into: &excluded)
            }
        }
        return excluded
    }

    /// Texts, or numbers.
    private mutating func readExcluded(_ value: JSONValue, at path: String, into excluded: inout Alternatives) {
        let list = listed(value, at: path)
        for (value, path) in list {
            switch value.kind {
            case .string: excluded.add(Array((value.string ?? "").utf8))
            case .number: if let number = number(value, at: path) { excluded.add(number) }
            case .object, .array, .bool, .null: fault(.wrongType, path, "A string or a number is needed.")
            }
        }
        if !excluded.texts.isEmpty, !excluded.numbers.isEmpty {
            fault(.invalid, path, "Strings and numbers cannot stand side by side here.")
        }
    }

    /// The elements of an array with their paths, or the value itself.
    private mutating func listed(_ value: JSONValue, at path: String) -> [(JSONValue, path: String)] {
        guard value.isArray else { return [(value, path)] }
        if value.elements.isEmpty { fault(.tooShort, path, "At least one value is needed.") }
        return value.elements.enumerated().map { ($0.element, "\(path)[\($0.offset)]") }
    }

    // MARK: numeric

    /// `["=", 1]`, `["<", 1]`, `[">", 0, "<=", 1]`: the lower bound first.
    private mutating func range(_ value: JSONValue, at path: String) -> NumberRange? {
        let parts = Array(value.elements)
        guard value.isArray else {
            fault(.wrongType, path, "An array of comparisons and numbers is needed, as `[\">\", 0, \"<=\", 5]`.")
            return nil
        }
        guard parts.count == 2 || parts.count == 4 else {
            let code: PatternFault.Code = parts.count < 2 ? .tooShort : parts.count > 4 ? .tooLong : .invalid
            fault(code, path, "One comparison and its number are needed, or two.")
            return nil
        }
        var range = NumberRange()
        for index in stride(from: 0, to: parts.count, by: 2) {
            let sign = parts[index].string
            let allowed = index == 2 ? ["<", "<="] : parts.count == 2 ? ["=", "<", "<=", ">", ">="] : [">", ">="]
            if sign.map(allowed.contains) != true {
                let names = allowed.map { "`\($0)`" }.joined(separator: ", ")
                fault(.invalid, "\(path)[\(index)]", "One of \(names) is needed here.")
            }
            guard parts[index + 1].kind == .number else {
                fault(.wrongType, "\(path)[\(index + 1)]", "A number is needed.")
                continue
            }
            guard let number = number(parts[index + 1], at: "\(path)[\(index + 1)]"), let sign else { continue }
            let bound = NumberRange.Bound(number: number, isIncluded: sign.hasSuffix("="))
            if sign != "<", sign != "<=" { range.lower = bound }
            if sign != ">", sign != ">=" { range.upper = bound }
        }
        if let lower = range.lower, let upper = range.upper, parts.count == 4, upper.number <= lower.number {
            fault(.outOfRange, "\(path)[3]", "The upper bound must be above the lower one.")
        }
        return range
    }
}
