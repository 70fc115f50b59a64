import JSON

/// Reads the members of one JSON object; whatever is wrong is noted under its path, and reading goes on.
///
/// A member that is `null` counts as absent, so that what an answer shows as `null` can be sent back.
struct MemberReader {
    let path: String
    let faults: Faults
    private var values: [String: JSONValue] = [:]

    /// Notes members outside `known`. Nil, with a fault, where `value` is no object.
    /// - Parameter ignored: names that may stand there and mean nothing (read-only members).
    init?(_ value: JSONValue, at path: String = "", known: Set<String>, ignored: Set<String> = [], faults: Faults) {
        self.path = path
        self.faults = faults
        guard let members = value.objectMembers else {
            faults.add(path, .wrongType, "An object is needed, not \(value.kindName).")
            return nil
        }
        for (name, value) in members {
            if known.contains(name) {
                values[name] = value
            } else if !ignored.contains(name) {
                faults.add(field(name), .unknownMember, "There is no such member.")
            }
        }
    }

    /// The same members; faults go elsewhere.
    func noting(in faults: Faults) -> MemberReader { MemberReader(path: path, faults: faults, values: values) }

    private init(path: String, faults: Faults, values: [String: JSONValue]) {
        self.path = path
        self.faults = faults
        self.values = values
    }

    func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The member's value, nil where it is absent or null.
    func value(_ name: String) -> JSONValue? { values[name].flatMap { $0.isNull ? nil : $0 } }

    /// As ``value(_:)``; absence is a fault.
    func required(_ name: String) -> JSONValue? {
        if let value = value(name) { return value }
        faults.add(field(name), .required, "`\(name)` is required.")
        return nil
    }

    /// A text of `length` Unicode scalars.
    func string(_ name: String, length: ClosedRange<Int>, isRequired: Bool = false) -> String? {
        guard let value = isRequired ? required(name) : value(name) else { return nil }
        return string(value, at: field(name), length: length)
    }

    func string(_ value: JSONValue, at field: String, length: ClosedRange<Int>) -> String? {
        guard let text = value.string else {
            faults.add(field, .wrongType, "A string is needed, not \(value.kindName).")
            return nil
        }
        guard !text.unicodeScalars.contains("\0") else {
            faults.add(field, .invalid, "U+0000 cannot be kept.")
            return nil
        }
        let count = text.unicodeScalars.count
        if length.contains(count) { return text }
        let code: Faults.Code = count < length.lowerBound ? .tooShort : .tooLong
        faults.add(field, code, "\(length.lowerBound) to \(length.upperBound) characters, not \(count).")
        return nil
    }

    func integer(_ name: String, in range: ClosedRange<Int>, isRequired: Bool = false) -> Int? {
        guard let value = isRequired ? required(name) : value(name) else { return nil }
        return integer(value, at: field(name), in: range)
    }

    /// A number without a fraction; `5000.0` is one.
    func integer(_ value: JSONValue, at field: String, in range: ClosedRange<Int>) -> Int? {
        guard value.kind == .number else {
            faults.add(field, .wrongType, "An integer is needed, not \(value.kindName).")
            return nil
        }
        if let integer = value.integer, let result = Int(exactly: integer), range.contains(result) { return result }
        if let number = value.double, range.contains(Int(number.rounded(.down).clamped)), value.integer == nil {
            faults.add(field, .wrongType, "An integer is needed.")
        } else {
            faults.add(field, .outOfRange, "\(range.lowerBound) to \(range.upperBound) are possible.")
        }
        return nil
    }

    func bool(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        if let bool = value.bool { return bool }
        faults.add(field(name), .wrongType, "`true` or `false` is needed, not \(value.kindName).")
        return nil
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String) -> Choice? where Choice.RawValue == String {
        guard let value = value(name) else { return nil }
        return choice(value, at: field(name))
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSONValue, at field: String
    ) -> Choice? where Choice.RawValue == String {
        guard let text = value.string else {
            faults.add(field, .wrongType, "A string is needed, not \(value.kindName).")
            return nil
        }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        faults.add(field, .unknownValue, "One of \(names) is needed.")
        return nil
    }

    /// The elements of an array with their paths.
    func elements(_ name: String, count: ClosedRange<Int>, isRequired: Bool = false) -> [(field: String, JSONValue)]? {
        guard let value = isRequired ? required(name) : value(name) else { return nil }
        guard let elements = value.arrayElements else {
            faults.add(field(name), .wrongType, "An array is needed, not \(value.kindName).")
            return nil
        }
        if count.contains(elements.count) {
            return elements.enumerated().map { ("\(field(name))[\($0.offset)]", $0.element) }
        }
        let code: Faults.Code = elements.count < count.lowerBound ? .tooShort : .tooLong
        faults.add(field(name), code, "\(count.lowerBound) to \(count.upperBound) entries, not \(elements.count).")
        return nil
    }

    /// The members of an object that has free names, with their paths.
    func members(_ name: String) -> [(name: String, field: String, JSONValue)]? {
        guard let value = value(name) else { return nil }
        guard let members = value.objectMembers else {
            faults.add(field(name), .wrongType, "An object is needed, not \(value.kindName).")
            return nil
        }
        return members.map { ($0.name, "\(field(name)).\($0.name)", $0.value) }
    }
}

extension Double {
    /// Itself, within what an `Int` holds.
    fileprivate var clamped: Double { min(max(self, -1e15), 1e15) }
}
