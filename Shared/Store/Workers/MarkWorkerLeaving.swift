public import Postgres
public import Webhooks

/// A delivery process is about to end: it takes no more shards, and the others share its own.
public struct MarkWorkerLeaving: Statement {
    public static let sql = """
        UPDATE workers SET is_leaving = true WHERE id = $1                -- workers_pkey
        """

    public let worker: Worker.ID

    public init(worker: Worker.ID) { self.worker = worker }

    public func bind(_ parameters: inout Parameters) { parameters.append(worker) }
}
