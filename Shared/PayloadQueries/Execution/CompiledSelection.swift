internal import JSON

/// A selection with fragments in place of their spreads, made once for each query.
enum CompiledSelection: Sendable {
    case field(CompiledField)
    /// What stood in a fragment, and whether it counts.
    case group([Condition], [CompiledSelection])

    /// `@include` or `@skip`.
    struct Condition: Sendable {
        /// `@include` wants true.
        let wanted: Bool
        let value: QueryArgument
    }
}

struct CompiledField: Sendable {
    /// What the result calls it, as JSON text with its colon.
    let key: [UInt8]
    let name: String
    /// Only those that mean something: `first`, `id`, `identifier`.
    let arguments: [String: QueryArgument]
    let conditions: [CompiledSelection.Condition]
    /// Nil where there is no selection.
    let selections: [CompiledSelection]?
}

/// What an argument says: itself, or a variable.
enum QueryArgument: Sendable {
    case variable(String)
    case value(QueryInput)
}

extension CompiledSelection {
    /// - Parameter fragments: without a cycle.
    static func list(
        _ selections: [QueryDocument.Selection], fragments: [String: QueryDocument.Fragment]
    ) -> [CompiledSelection] {
        selections.map { selection in
            switch selection {
            case .field(let field): .field(CompiledField(field, fragments: fragments))
            case .inline(_, let directives, let inner):
                .group(directives.compactMap(Condition.init), list(inner, fragments: fragments))
            case .spread(_, let name, let directives):
                .group(
                    directives.compactMap(Condition.init),
                    list(fragments[name]?.selections ?? [], fragments: fragments))
            }
        }
    }
}

extension CompiledSelection.Condition {
    fileprivate init?(_ directive: QueryDocument.Directive) {
        guard let argument = directive.arguments.first else { return nil }
        wanted = directive.name == "include"
        value = QueryArgument(argument.value)
    }
}

extension CompiledField {
    /// Arguments that mean something.
    private static let known: Set = ["first", "id", "identifier"]

    fileprivate init(_ field: QueryDocument.Field, fragments: [String: QueryDocument.Fragment]) {
        var writer = JSONWriter()
        writer.string(field.key)
        key = writer.bytes + [UInt8(ascii: ":")]
        name = field.name
        let meant = field.arguments.filter { Self.known.contains($0.name) }
        arguments = Dictionary(
            meant.map { ($0.name, QueryArgument($0.value)) }, uniquingKeysWith: { one, _ in one })
        conditions = field.directives.compactMap(CompiledSelection.Condition.init)
        selections = field.selections.map { CompiledSelection.list($0, fragments: fragments) }
    }
}

extension QueryArgument {
    init(_ value: QueryDocument.Value) {
        if case .variable(let name) = value.content { self = .variable(name) } else { self = .value(QueryInput(value)) }
    }
}
