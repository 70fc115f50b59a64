extension PayloadQuery {
    /// Resources that one query may ask for.
    public static let maximumLookups = 32

    /// The first half of running: what has to be known, with these variables.
    ///
    /// - Parameter input: a variable's value, asked for those that are declared; nil: there is none.
    /// - Throws: where a variable is needed and not there, or says nothing where something must be said.
    public func plan(_ input: (String) -> QueryInput?) throws(QueryFailure) -> QueryPlan {
        var resolver = QueryResolver(inputs: [:])
        for variable in variables {
            resolver.inputs[variable.name] = try variable.value(input(variable.name))
        }
        let roots = try resolver.resolve(selections)
        var lookups: [QueryLookup] = []
        for root in roots {
            for field in root.selections ?? [] {
                guard let lookup = QueryLookup(root: root, field: field), !lookups.contains(lookup) else { continue }
                lookups.append(lookup)
            }
        }
        guard lookups.count <= Self.maximumLookups else {
            throw QueryFailure("The query asks for more than \(Self.maximumLookups) resources.")
        }
        return QueryPlan(lookups: lookups, roots: roots)
    }
}

/// A variable of a query.
struct DeclaredVariable: Sendable {
    let name: String
    let type: String
    let mayBeNull: Bool
    let defaultValue: QueryInput?

    init(_ variable: QueryDocument.Variable) {
        name = variable.name
        type = variable.type.description
        if case .nonNull = variable.type { mayBeNull = false } else { mayBeNull = true }
        defaultValue = variable.defaultValue.map(QueryInput.init)
    }

    /// CoerceVariableValues(), where any value is good for any type but null for `!`.
    func value(_ input: QueryInput?) throws(QueryFailure) -> QueryInput {
        let value = input ?? defaultValue ?? .null
        guard mayBeNull || value != .null else {
            throw QueryFailure("The variable `$\(name)` is \(type), and there is no value for it.")
        }
        return value
    }
}

/// A resource that a query asks for: `order { get(id: "68e4") }`.
public struct QueryLookup: Hashable, Sendable {
    /// The root field, e.g. `topicMap`.
    public let root: String
    /// The resource's id.
    public let id: String

    public init(root: String, id: String) {
        self.root = root
        self.id = id
    }

    /// Nil unless the field is `get` and says which.
    init?(root: ResolvedField, field: ResolvedField) {
        guard field.name == "get", let id = field.id else { return nil }
        self.init(root: root.name, id: id)
    }
}

/// A field as it is asked for this time: variables and conditions are worked in, equal keys are one.
struct ResolvedField: Sendable {
    let key: [UInt8]
    let name: String
    /// `first:`.
    let count: Int?
    /// `id:` or `identifier:`.
    let id: String?
    var selections: [ResolvedField]?
}

/// CollectFields() of all levels at once: nothing in it depends on data.
struct QueryResolver {
    var inputs: [String: QueryInput]

    func resolve(_ selections: [CompiledSelection]) throws(QueryFailure) -> [ResolvedField] {
        var fields: [(field: CompiledField, selections: [CompiledSelection]?)] = []
        try collect(selections, into: &fields)
        var resolved: [ResolvedField] = []
        resolved.reserveCapacity(fields.count)
        for (field, selections) in fields {
            let id = input(field.arguments["id"])?.identifier ?? input(field.arguments["identifier"])?.identifier
            var inner: [ResolvedField]?
            if let selections { inner = try resolve(selections) }
            resolved.append(
                ResolvedField(
                    key: field.key, name: field.name, count: try count(field.arguments["first"]), id: id,
                    selections: inner))
        }
        return resolved
    }

    /// One of each key, in the order in which they first come, with the selections of all of its fields.
    private func collect(
        _ selections: [CompiledSelection],
        into fields: inout [(field: CompiledField, selections: [CompiledSelection]?)]
    ) throws(QueryFailure) {
        for selection in selections {
            switch selection {
            case .group(let conditions, let inner): if try hold(conditions) { try collect(inner, into: &fields) }
            case .field(let field):
                guard try hold(field.conditions) else { continue }
                if let place = fields.firstIndex(where: { $0.field.key == field.key }) {
                    guard let more = field.selections else { continue }
                    fields[place].selections = (fields[place].selections ?? []) + more
                } else {
                    fields.append((field, field.selections))
                }
            }
        }
    }

    private func hold(_ conditions: [CompiledSelection.Condition]) throws(QueryFailure) -> Bool {
        for condition in conditions {
            guard case .bool(let value) = input(condition.value) else {
                throw QueryFailure("A variable of `@include` or `@skip` is neither true nor false.")
            }
            if value != condition.wanted { return false }
        }
        return true
    }

    private func input(_ argument: QueryArgument?) -> QueryInput? {
        switch argument {
        case .variable(let name): inputs[name]
        case .value(let value): value
        case nil: nil
        }
    }

    private func count(_ argument: QueryArgument?) throws(QueryFailure) -> Int? {
        switch input(argument) {
        case nil, .null: return nil
        case .number(let text):
            if let count = Int(text), count >= 0 { return count }
        default: break
        }
        throw QueryFailure("A variable of `first` is no whole number from 0 on.")
    }
}
