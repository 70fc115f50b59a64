extension QueryChecks {
    /// Names stand once, each is declared and used, defaults fit.
    mutating func checkVariables(of operation: QueryDocument.Operation) {
        var declared: Set<String> = []
        for variable in operation.variables {
            if !declared.insert(variable.name).inserted {
                note(variable.offset, "The variable `$\(variable.name)` is declared twice.")
            }
            guard let value = variable.defaultValue else { continue }
            checkNames(in: value)
            if !Self.fits(value, variable.type) {
                note(value.offset, "The default of `$\(variable.name)` is no \(variable.type).")
            }
        }
        var used: [(name: String, offset: Int)] = []
        for directive in operation.directives { Self.collectVariables(of: directive.arguments, into: &used) }
        for fragment in document.fragments {
            for directive in fragment.directives { Self.collectVariables(of: directive.arguments, into: &used) }
        }
        forEachSelection { _, selection in
            let directives: [QueryDocument.Directive]
            switch selection {
            case .field(let field):
                Self.collectVariables(of: field.arguments, into: &used)
                directives = field.directives
            case .spread(_, _, let own), .inline(_, let own, _): directives = own
            }
            for directive in directives { Self.collectVariables(of: directive.arguments, into: &used) }
        }
        for (name, offset) in used where !declared.contains(name) {
            note(offset, "The variable `$\(name)` is not declared.")
        }
        let names = Set(used.map(\.name))
        for variable in operation.variables where !names.contains(variable.name) {
            note(variable.offset, "The variable `$\(variable.name)` is not used.")
        }
    }

    private static func collectVariables(
        of arguments: [QueryDocument.Argument], into used: inout [(name: String, offset: Int)]
    ) {
        for argument in arguments { collectVariables(in: argument.value, into: &used) }
    }

    private static func collectVariables(
        in value: QueryDocument.Value, into used: inout [(name: String, offset: Int)]
    ) {
        switch value.content {
        case .variable(let name): used.append((name, value.offset))
        case .list(let elements): for element in elements { collectVariables(in: element, into: &used) }
        case .object(let members): collectVariables(of: members, into: &used)
        default: break
        }
    }

    /// Whether a value may be of a type; of types that nobody knows every value may be.
    static func fits(_ value: QueryDocument.Value, _ type: QueryDocument.TypeName) -> Bool {
        switch (type, value.content) {
        case (.nonNull, .null): false
        case (.nonNull(let type), _): fits(value, type)
        case (_, .null): true
        case (.list(let type), .list(let elements)): elements.allSatisfy { fits($0, type) }
        case (.list(let type), _): fits(value, type)
        case (.named("Boolean"), .bool), (.named("String"), .string), (.named("ID"), .string), (.named("ID"), .int),
            (.named("Float"), .int):
            true
        case (.named("Float"), .float(let text)): Double(text)?.isFinite ?? false
        case (.named("Int"), .int(let text)): Int32(text) != nil
        case (.named(let name), _): !["Boolean", "String", "ID", "Float", "Int"].contains(name)
        }
    }

    /// - Parameters:
    ///   - mayStand: false where the specification has no directive.
    ///   - variables: the operation's.
    mutating func checkDirectives(
        _ directives: [QueryDocument.Directive], mayStand: Bool, variables: [QueryDocument.Variable]
    ) {
        var names: Set<String> = []
        for directive in directives {
            checkNames(of: directive.arguments, "argument")
            guard directive.name == "include" || directive.name == "skip" else {
                note(directive.offset, "There is no directive `@\(directive.name)`, only `@include` and `@skip`.")
                continue
            }
            guard mayStand else {
                note(directive.offset, "`@\(directive.name)` can stand at fields and fragments only.")
                continue
            }
            if !names.insert(directive.name).inserted {
                note(directive.offset, "`@\(directive.name)` stands here twice.")
            }
            guard directive.arguments.count == 1, let argument = directive.arguments.first, argument.name == "if",
                Self.isCondition(argument.value, variables)
            else {
                note(directive.offset, "`@\(directive.name)` needs one argument: `if` with a Boolean!.")
                continue
            }
        }
    }

    /// A literal, or a variable that can never be null: `Boolean!`, or `Boolean` with a default.
    private static func isCondition(_ value: QueryDocument.Value, _ variables: [QueryDocument.Variable]) -> Bool {
        switch value.content {
        case .bool: return true
        case .variable(let name):
            guard let variable = variables.first(where: { $0.name == name }) else { return true }  // told elsewhere
            if variable.type == .nonNull(.named("Boolean")) { return true }
            guard variable.type == .named("Boolean"), let value = variable.defaultValue else { return false }
            if case .null = value.content { return false }
            return true
        default: return false
        }
    }
}
