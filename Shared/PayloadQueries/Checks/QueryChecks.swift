/// Everything that can be wrong with a document beyond its grammar; without a schema that is § 5 of the specification
/// as far as it needs none, and what only payload queries ask for.
struct QueryChecks {
    let document: QueryDocument
    /// Names that a root field may have; nil: any.
    let roots: Set<String>?
    /// By name; of two with one name, the first.
    let fragments: [String: QueryDocument.Fragment]
    private(set) var faults: [QueryFault] = []

    init(_ document: QueryDocument, roots: Set<String>?) {
        self.document = document
        self.roots = roots
        fragments = Dictionary(document.fragments.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    }

    mutating func note(_ offset: Int, _ message: String) { faults.append(QueryFault(offset: offset, message: message)) }

    /// - Returns: the one operation, nil where there are faults.
    mutating func run() -> QueryDocument.Operation? {
        checkOperations()
        let areFragmentsSound = checkFragments()
        guard let operation = document.operations.first else { return nil }
        checkVariables(of: operation)
        checkDirectives(operation.directives, mayStand: false, variables: operation.variables)
        for variable in operation.variables { checkDirectives(variable.directives, mayStand: false, variables: []) }
        for fragment in document.fragments {
            checkDirectives(fragment.directives, mayStand: false, variables: operation.variables)
        }
        forEachSelection { checks, selection in checks.checkParts(of: selection, operation) }
        if areFragmentsSound, checkSize(of: operation) {
            checkRoots(of: operation)
            checkMerging([operation.selections])
        }
        return faults.isEmpty ? operation : nil
    }

    private mutating func checkOperations() {
        if document.operations.isEmpty { note(0, "There is no query.") }
        for operation in document.operations where operation.kind != "query" {
            note(operation.offset, "A \(operation.kind) is not allowed, only one query.")
        }
        for operation in document.operations.dropFirst() where operation.kind == "query" {
            note(operation.offset, "There is one query already.")
        }
    }

    /// What lies within one selection alone.
    private mutating func checkParts(of selection: QueryDocument.Selection, _ operation: QueryDocument.Operation) {
        switch selection {
        case .field(let field):
            checkNames(of: field.arguments, "argument")
            checkDirectives(field.directives, mayStand: true, variables: operation.variables)
            if let first = field.arguments.first(where: { $0.name == "first" }) { checkCount(first.value) }
        case .spread(_, _, let directives), .inline(_, let directives, _):
            checkDirectives(directives, mayStand: true, variables: operation.variables)
        }
    }

    /// A name stands once in a list of arguments, and in each object of their values.
    mutating func checkNames(of arguments: [QueryDocument.Argument], _ what: String) {
        var names: Set<String> = []
        for argument in arguments {
            if !names.insert(argument.name).inserted {
                note(argument.offset, "The \(what) `\(argument.name)` is there twice.")
            }
            checkNames(in: argument.value)
        }
    }

    mutating func checkNames(in value: QueryDocument.Value) {
        switch value.content {
        case .list(let elements): for element in elements { checkNames(in: element) }
        case .object(let members): checkNames(of: members, "member")
        default: break
        }
    }

    /// `first:`, which cuts lists.
    private mutating func checkCount(_ value: QueryDocument.Value) {
        switch value.content {
        case .variable, .null: return
        case .int(let text) where Int32(text).map { $0 >= 0 } == true: return
        default: note(value.offset, "`first` needs a whole number from 0 on.")
        }
    }

    /// The selections of all definitions, each once, from the outside in.
    mutating func forEachSelection(_ body: (inout QueryChecks, QueryDocument.Selection) -> Void) {
        for list in document.operations.map(\.selections) + document.fragments.map(\.selections) {
            visit(list, body)
        }
    }

    private mutating func visit(
        _ selections: [QueryDocument.Selection], _ body: (inout QueryChecks, QueryDocument.Selection) -> Void
    ) {
        for selection in selections {
            body(&self, selection)
            switch selection {
            case .field(let field): visit(field.selections ?? [], body)
            case .inline(_, _, let inner): visit(inner, body)
            case .spread: break
            }
        }
    }
}
