/// Reads a document by the grammar of GraphQL (October 2021, § 2), without its type system; descriptions, which later
/// editions allow, are taken too.
///
/// It calls itself for what stands inside of something else, at most ``greatestDepth`` times.
struct QueryParser {
    /// Brackets inside one another at most, of whatever kind.
    static let greatestDepth = 64

    private var lexer: QueryLexer
    private(set) var token: QueryLexer.Token
    private var depth = 0
    /// Fields around what is being read.
    private var level = 0

    static func parse(_ text: [UInt8]) throws(QueryFault) -> QueryDocument {
        var parser = try QueryParser(text)
        var document = QueryDocument()
        repeat { try parser.readDefinition(into: &document) } while parser.token.kind != .end
        return document
    }

    private init(_ text: [UInt8]) throws(QueryFault) {
        lexer = QueryLexer(text)
        token = try lexer.next()
    }

    // MARK: Definitions

    private mutating func readDefinition(into document: inout QueryDocument) throws(QueryFault) {
        let offset = token.offset
        if sees("{") {
            let selections = try readSelections()
            document.operations.append(
                .init(offset: offset, kind: "query", variables: [], directives: [], selections: selections))
            return
        }
        if case .string = token.kind { try advance() }  // a description
        switch token.kind {
        case .name("fragment"):
            try advance()
            let name = try readFragmentName()
            try readTypeCondition()
            let directives = try readDirectives()
            document.fragments.append(
                .init(offset: offset, name: name, directives: directives, selections: try readSelections()))
        case .name(let kind) where ["query", "mutation", "subscription"].contains(kind):
            try advance()
            if case .name = token.kind { try advance() }
            let variables = sees("(") ? try readVariables() : []
            let directives = try readDirectives()
            document.operations.append(
                .init(
                    offset: offset, kind: kind, variables: variables, directives: directives,
                    selections: try readSelections()))
        default: throw unexpected("an operation or a fragment")
        }
    }

    private mutating func readVariables() throws(QueryFault) -> [QueryDocument.Variable] {
        try readList("(", ")") { (parser) throws(QueryFault) in
            if case .string = parser.token.kind { try parser.advance() }
            let offset = parser.token.offset
            try parser.expect("$")
            let name = try parser.readName("a variable's name")
            try parser.expect(":")
            let type = try parser.readType()
            var value: QueryDocument.Value?
            if parser.sees("=") {
                try parser.advance()
                value = try parser.readValue(isConstant: true)
            }
            return .init(
                offset: offset, name: name, type: type, defaultValue: value,
                directives: try parser.readDirectives(isConstant: true))
        }
    }

    private mutating func readType() throws(QueryFault) -> QueryDocument.TypeName {
        var type: QueryDocument.TypeName
        if sees("[") {
            try enter()
            try advance()
            type = .list(try readType())
            try expect("]")
            leave()
        } else {
            type = .named(try readName("a type"))
        }
        if sees("!") {
            try advance()
            type = .nonNull(type)
        }
        return type
    }

    // MARK: Selections

    private mutating func readSelections() throws(QueryFault) -> [QueryDocument.Selection] {
        try readList("{", "}") { (parser) throws(QueryFault) in try parser.readSelection() }
    }

    private mutating func readSelection() throws(QueryFault) -> QueryDocument.Selection {
        guard token.kind == .spread else { return .field(try readField()) }
        let offset = token.offset
        try advance()
        if case .name(let name) = token.kind, name != "on" {
            try advance()
            return .spread(offset: offset, name: name, directives: try readDirectives())
        }
        if token.kind == .name("on") { try readTypeCondition() }
        let directives = try readDirectives()
        return .inline(offset: offset, directives: directives, selections: try readSelections())
    }

    private mutating func readField() throws(QueryFault) -> QueryDocument.Field {
        let offset = token.offset
        let key = try readName("a field")
        var name = key
        if sees(":") {
            try advance()
            name = try readName("a field")
        }
        guard level < PayloadQuery.maximumLevels else { throw Self.tooDeep(offset) }
        level += 1
        defer { level -= 1 }
        let arguments = try readArguments()
        let directives = try readDirectives()
        return .init(
            offset: offset, key: key, name: name, arguments: arguments, directives: directives,
            selections: sees("{") ? try readSelections() : nil)
    }

    static func tooDeep(_ offset: Int) -> QueryFault {
        QueryFault(offset: offset, message: "Fields may have \(PayloadQuery.maximumLevels) levels, here is one more.")
    }

    /// `on` and a name, which without a schema says nothing.
    private mutating func readTypeCondition() throws(QueryFault) {
        guard token.kind == .name("on") else { throw unexpected("`on`") }
        try advance()
        _ = try readName("a type")
    }

    private mutating func readFragmentName() throws(QueryFault) -> String {
        guard token.kind != .name("on") else { throw unexpected("a fragment's name") }
        return try readName("a fragment's name")
    }

    // MARK: Pieces

    /// One or more of something between brackets.
    mutating func readList<Element>(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
        _ read: (inout QueryParser) throws(QueryFault) -> Element
    ) throws(QueryFault) -> [Element] {
        try enter()
        try expect(opening)
        var list: [Element] = []
        repeat { list.append(try read(&self)) } while !sees(closing)
        try advance()
        leave()
        return list
    }

    mutating func enter() throws(QueryFault) {
        guard depth < Self.greatestDepth else {
            throw QueryFault(offset: token.offset, message: "More than \(Self.greatestDepth) brackets are open.")
        }
        depth += 1
    }

    mutating func leave() { depth -= 1 }

    mutating func advance() throws(QueryFault) { token = try lexer.next() }

    func sees(_ punctuator: Unicode.Scalar) -> Bool { token.kind == .punctuator(UInt8(ascii: punctuator)) }

    mutating func expect(_ punctuator: Unicode.Scalar) throws(QueryFault) {
        guard sees(punctuator) else { throw unexpected("`\(punctuator)`") }
        try advance()
    }

    mutating func readName(_ what: String) throws(QueryFault) -> String {
        guard case .name(let name) = token.kind else { throw unexpected(what) }
        try advance()
        return name
    }

    func unexpected(_ wanted: String) -> QueryFault {
        let found =
            switch token.kind {
            case .punctuator(let byte): "`\(Unicode.Scalar(byte))`"
            case .spread: "`...`"
            case .name(let name): "`\(name)`"
            case .int(let text), .float(let text): "`\(text)`"
            case .string: "a string"
            case .end: "the end"
            }
        return QueryFault(offset: token.offset, message: "Here stands \(found) where \(wanted) is needed.")
    }
}
