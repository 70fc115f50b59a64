/// One thing that is wrong with a pattern.
public struct PatternFault: Hashable, Sendable {
    /// What a program may switch on.
    public enum Code: Hashable, Sendable, CaseIterable {
        case wrongType, tooShort, tooLong, outOfRange, invalid, unknownOperator, duplicate
    }

    /// Where, from the pattern on: `data.total[0].numeric[1]`; empty for the pattern itself.
    public let path: String
    public let code: Code
    /// For people.
    public let detail: String

    init(_ code: Code, at path: String, _ detail: String) {
        self.path = path
        self.code = code
        self.detail = detail
    }
}

/// Why a text is no pattern: one fault at least.
public struct PatternFaults: Error, Hashable, Sendable {
    /// In the order of the text.
    public let list: [PatternFault]

    init(_ list: [PatternFault]) { self.list = list }
}
