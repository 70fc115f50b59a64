public import JSON

/// A query that is about to run: its variables are worked in, its resources are not known yet.
public struct QueryPlan: Sendable {
    /// Bytes of a result at most.
    public static let maximumBytes = 1 << 20
    /// Bytes of values whose members are looked through, at most: a measure of the work.
    static let maximumWork = 64 << 20

    /// What it asks for, each once.
    public let lookups: [QueryLookup]
    let roots: [ResolvedField]

    /// The second half of running: the result, JSON text of an object without whitespace.
    ///
    /// Members are in the order of the query; numbers and strings are written as in the resources.
    ///
    /// - Parameter resource: the data of a resource, asked for ``lookups``; nil: there is none.
    /// - Throws: where the result is too large, or too much work.
    public func result(_ resource: (QueryLookup) -> JSONValue?) throws(QueryFailure) -> [UInt8] {
        var writer = ResultWriter()
        try writer.object(roots) { (writer, root) throws(QueryFailure) in
            guard let selections = root.selections else { return writer.null() }
            try writer.object(selections) { (writer, field) throws(QueryFailure) in
                let value = QueryLookup(root: root, field: field).flatMap(resource)
                try writer.write(value, of: field)
            }
        }
        return writer.bytes
    }
}

/// CompleteValue() without types.
private struct ResultWriter {
    private(set) var bytes: [UInt8] = []
    private var work = 0

    mutating func null() { bytes.append(contentsOf: "null".utf8) }

    mutating func object(
        _ fields: [ResolvedField], _ content: (inout ResultWriter, ResolvedField) throws(QueryFailure) -> Void
    ) throws(QueryFailure) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for field in fields {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            bytes.append(contentsOf: field.key)
            try content(&self, field)
        }
        bytes.append(UInt8(ascii: "}"))
        guard bytes.count <= QueryPlan.maximumBytes else {
            throw QueryFailure("The result has more than \(QueryPlan.maximumBytes) bytes.")
        }
    }

    /// A field's value: `first` cuts it where it is a list.
    mutating func write(_ value: JSONValue?, of field: ResolvedField) throws(QueryFailure) {
        guard let value else { return null() }
        guard let count = field.count, value.isArray else { return try select(field.selections, from: value) }
        try array(value.elements.prefix(count), field.selections)
    }

    private mutating func select(_ fields: [ResolvedField]?, from value: JSONValue) throws(QueryFailure) {
        guard let fields else {
            guard bytes.count + value.range.count <= QueryPlan.maximumBytes * 2 else {
                throw QueryFailure("The result has more than \(QueryPlan.maximumBytes) bytes.")
            }
            return value.compact(into: &bytes)
        }
        switch value.kind {
        case .object:
            work += value.range.count * fields.count
            guard work <= QueryPlan.maximumWork else { throw QueryFailure("The query is too much work.") }
            try object(fields) { (writer, field) throws(QueryFailure) in
                try writer.write(value.member(field.name), of: field)
            }
        case .array: try array(value.elements, fields)
        case .string, .number, .bool, .null: null()
        }
    }

    private mutating func array(
        _ elements: some Sequence<JSONValue>, _ fields: [ResolvedField]?
    ) throws(QueryFailure) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            try select(fields, from: element)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
