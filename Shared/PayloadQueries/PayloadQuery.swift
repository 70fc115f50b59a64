/// A GraphQL query that makes the body of a webhook's requests, read and judged.
///
/// The executable part of the specification of October 2021, without a schema: a field without a selection is the whole
/// value, a selection applies to each element of an array and makes a scalar `null`, an unknown field is `null`, a type
/// condition always holds, and `__typename` is a field like others. Pure: what it wants to know of resources is loaded
/// by others, between ``plan(_:)`` and ``QueryPlan/result(_:)``.
public struct PayloadQuery: Sendable {
    /// Bytes of the text.
    public static let maximumBytes = 4096
    /// Fields inside one another.
    public static let maximumLevels = 16
    /// Fields in all, those of fragments counted wherever they are spread.
    public static let maximumFields = 200

    let variables: [DeclaredVariable]
    let selections: [CompiledSelection]

    /// - Parameters:
    ///   - text: one `query` operation and its fragments.
    ///   - roots: names that a root field may have; nil: any.
    /// - Throws: all that is wrong; where the grammar is broken, that alone. No text traps.
    public init(_ text: String, roots: Set<String>? = nil) throws(QueryFindings) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else {
            let message = "A query may have \(Self.maximumBytes) bytes, this one has \(bytes.count)."
            throw QueryFindings([QueryFault(offset: Self.maximumBytes, message: message, isTooLong: true)], in: bytes)
        }
        var checks: QueryChecks
        do throws(QueryFault) {
            checks = QueryChecks(try QueryParser.parse(bytes), roots: roots)
        } catch {
            throw QueryFindings([error], in: bytes)
        }
        guard let operation = checks.run() else { throw QueryFindings(checks.faults, in: bytes) }
        variables = operation.variables.map(DeclaredVariable.init)
        selections = CompiledSelection.list(operation.selections, fragments: checks.fragments)
    }
}
