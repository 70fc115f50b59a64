public import Postgres

/// Why a database was not migrated.
public enum MigrationError: Error, Sendable, Equatable {
    /// The text of a migration that the database has had is not the one it had.
    case changed(version: Int32, name: String)
    /// The database has had migrations that this program does not know: it is of a later version.
    case databaseIsNewer(database: Int32, program: Int32)
    /// A migration failed; nothing of it was kept.
    case failed(version: Int32, name: String, PostgresError)
    case postgres(PostgresError)
}

extension MigrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .changed(let version, let name):
            "migration \(version) (\(name)) was applied to this database with another text"
        case .databaseIsNewer(let database, let program):
            "the database is at migration \(database), this program knows \(program): use a newer program"
        case .failed(let version, let name, let error): "migration \(version) (\(name)) failed: \(error)"
        case .postgres(let error): "\(error)"
        }
    }
}
