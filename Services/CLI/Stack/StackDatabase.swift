import Foundation

/// The database of a stack: its own, or the one that `MARTLET_DATABASE_URL` names.
struct StackDatabase {
    /// The owner's, who may read and change everything.
    let ownerURL: String

    /// Where it is, without who logs in and how: `host:port/database`.
    var place: String {
        guard let parts = URLComponents(string: ownerURL) else { return "a database" }
        return "\(parts.host ?? "localhost")\(parts.port.map { ":\($0)" } ?? "")\(parts.path)"
    }

    /// The same database, logged in to as `role`.
    func url(role: String, password: String) throws -> String {
        guard var parts = URLComponents(string: ownerURL), parts.scheme?.hasPrefix("postgres") == true else {
            throw CommandFailure("MARTLET_DATABASE_URL must be a URL: postgres://user:password@host:port/database")
        }
        parts.user = role
        parts.password = password
        guard let url = parts.string else { throw CommandFailure("MARTLET_DATABASE_URL is no URL") }
        return url
    }
}
