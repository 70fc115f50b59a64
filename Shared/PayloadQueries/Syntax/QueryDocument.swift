/// What a text says by the grammar of GraphQL (October 2021), executable definitions only.
struct QueryDocument {
    var operations: [Operation] = []
    var fragments: [Fragment] = []

    struct Operation {
        let offset: Int
        /// `query`, `mutation` or `subscription`.
        let kind: String
        let variables: [Variable]
        let directives: [Directive]
        let selections: [Selection]
    }

    struct Fragment {
        let offset: Int
        let name: String
        let directives: [Directive]
        let selections: [Selection]
    }

    struct Variable {
        let offset: Int
        let name: String
        let type: TypeName
        let defaultValue: Value?
        let directives: [Directive]
    }

    struct Directive {
        let offset: Int
        let name: String
        let arguments: [Argument]
    }

    struct Argument {
        let offset: Int
        let name: String
        let value: Value
    }

    struct Field {
        let offset: Int
        /// The alias, or else the name: what the result calls it.
        let key: String
        let name: String
        let arguments: [Argument]
        let directives: [Directive]
        /// Nil where there is no selection, never empty.
        let selections: [Selection]?
    }

    enum Selection {
        case field(Field)
        case spread(offset: Int, name: String, directives: [Directive])
        case inline(offset: Int, directives: [Directive], selections: [Selection])
    }

    indirect enum TypeName: Equatable {
        case named(String)
        case list(TypeName)
        case nonNull(TypeName)
    }

    struct Value {
        let offset: Int
        let content: Content

        indirect enum Content {
            case variable(String)
            /// As they are written.
            case int(String), float(String)
            case string(String)
            case bool(Bool)
            case null
            case enumeration(String)
            case list([Value])
            case object([Argument])
        }
    }
}

extension QueryDocument.TypeName: CustomStringConvertible {
    var description: String {
        switch self {
        case .named(let name): name
        case .list(let element): "[\(element)]"
        case .nonNull(let type): "\(type)!"
        }
    }
}

extension QueryDocument.Value {
    /// Whether two values say the same; the order of an object's members does not matter.
    func isSame(as other: Self) -> Bool {
        switch (content, other.content) {
        case (.variable(let one), .variable(let other)), (.int(let one), .int(let other)),
            (.float(let one), .float(let other)), (.string(let one), .string(let other)),
            (.enumeration(let one), .enumeration(let other)):
            one == other
        case (.bool(let one), .bool(let other)): one == other
        case (.null, .null): true
        case (.list(let one), .list(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.isSame(as: $1) }
        case (.object(let one), .object(let other)): QueryDocument.areSame(one, other)
        default: false
        }
    }
}

extension QueryDocument {
    /// Whether two lists of arguments say the same, in whatever order.
    static func areSame(_ one: [Argument], _ other: [Argument]) -> Bool {
        one.count == other.count
            && one.allSatisfy { argument in
                other.contains { $0.name == argument.name && $0.value.isSame(as: argument.value) }
            }
    }
}
