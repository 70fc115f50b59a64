public import Postgres
public import Webhooks

/// A delivery process begins.
public struct JoinWorkers: Statement {
    public static let sql = """
        INSERT INTO workers (id, name) VALUES ($1, $2)
        """

    public let id: Worker.ID
    /// Stays the same over restarts: that of the host, say.
    public let name: String

    public init(id: Worker.ID, name: String) {
        self.id = id
        self.name = name
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(name)
    }
}
