import CPostgres

/// Owns one `PGresult` and clears it once, at the end of its only owner's scope.
struct ResultHandle: ~Copyable {
    private let pointer: OpaquePointer
    init(takingOwnershipOf pointer: OpaquePointer) { self.pointer = pointer }
    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }
    var isSync: Bool { status == PGRES_PIPELINE_SYNC }
    var isAborted: Bool { status == PGRES_PIPELINE_ABORTED }
    var isSuccess: Bool { status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY }
    var isCopy: Bool { status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH }

    /// The server's own error; `.lost` where it is libpq's (without SQLSTATE) or ends the session.
    var error: PostgresError {
        let message = field("M") ?? String(cString: PQresultErrorMessage(pointer)).firstLine
        guard let state = field("C") else { return .lost(message) }
        if let severity = field("V"), severity == "FATAL" || severity == "PANIC" {
            return .lost("\(state): \(message)")
        }
        return .server(SQLState(rawValue: state), message: message)
    }

    private func field(_ code: Unicode.Scalar) -> String? {
        PQresultErrorField(pointer, CInt(code.value)).map { String(cString: $0) }
    }

    func rows<S: Statement>(of statement: S.Type) throws(PostgresError) -> [S.Row] {
        let count = Int(PQntuples(pointer))
        guard count > 0 else { return [] }
        let columns = Int(PQnfields(pointer))
        var rows: [S.Row] = []
        rows.reserveCapacity(count)
        for index in 0..<count {
            rows.append(
                try S.decode(RowReader(result: pointer, row: CInt(truncatingIfNeeded: index), columns: columns)))
        }
        return rows
    }
}

extension String {
    /// libpq's messages end in a line break, and some explain themselves on further lines.
    var firstLine: String { String(prefix { !$0.isNewline }) }
}
