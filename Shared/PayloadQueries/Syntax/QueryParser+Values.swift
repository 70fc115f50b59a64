extension QueryParser {
    mutating func readArguments(isConstant: Bool = false) throws(QueryFault) -> [QueryDocument.Argument] {
        guard sees("(") else { return [] }
        return try readList("(", ")") { (parser) throws(QueryFault) in
            try parser.readArgument("an argument", isConstant: isConstant)
        }
    }

    private mutating func readArgument(
        _ what: String, isConstant: Bool
    ) throws(QueryFault) -> QueryDocument.Argument {
        let offset = token.offset
        let name = try readName(what)
        try expect(":")
        return .init(offset: offset, name: name, value: try readValue(isConstant: isConstant))
    }

    mutating func readDirectives(isConstant: Bool = false) throws(QueryFault) -> [QueryDocument.Directive] {
        var directives: [QueryDocument.Directive] = []
        while sees("@") {
            let offset = token.offset
            try advance()
            let name = try readName("a directive")
            directives.append(
                .init(offset: offset, name: name, arguments: try readArguments(isConstant: isConstant)))
        }
        return directives
    }

    /// - Parameter isConstant: variables are refused.
    mutating func readValue(isConstant: Bool) throws(QueryFault) -> QueryDocument.Value {
        let offset = token.offset
        let content: QueryDocument.Value.Content
        switch token.kind {
        case .punctuator(UInt8(ascii: "$")) where !isConstant:
            try advance()
            return .init(offset: offset, content: .variable(try readName("a variable's name")))
        case .punctuator(UInt8(ascii: "[")):
            let elements = try readValues("]") { (parser) throws(QueryFault) in
                try parser.readValue(isConstant: isConstant)
            }
            return .init(offset: offset, content: .list(elements))
        case .punctuator(UInt8(ascii: "{")):
            let members = try readValues("}") { (parser) throws(QueryFault) in
                try parser.readArgument("a member's name", isConstant: isConstant)
            }
            return .init(offset: offset, content: .object(members))
        case .int(let text): content = .int(text)
        case .float(let text): content = .float(text)
        case .string(let text): content = .string(text)
        case .name("true"): content = .bool(true)
        case .name("false"): content = .bool(false)
        case .name("null"): content = .null
        case .name(let name): content = .enumeration(name)
        default: throw unexpected(isConstant ? "a value without variables" : "a value")
        }
        try advance()
        return .init(offset: offset, content: content)
    }

    /// None or more of something up to a closing bracket; the opening one is next.
    private mutating func readValues<Element>(
        _ closing: Unicode.Scalar, _ read: (inout QueryParser) throws(QueryFault) -> Element
    ) throws(QueryFault) -> [Element] {
        try enter()
        try advance()
        var list: [Element] = []
        while !sees(closing) { list.append(try read(&self)) }
        try advance()
        leave()
        return list
    }
}
