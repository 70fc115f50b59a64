public import Postgres
public import Webhooks

/// A delivery process ends, its shards given back: its row goes, and those of workers that were fenced a week ago.
public struct MarkWorkerGone: Statement {
    public static let sql = """
        DELETE FROM workers WHERE id = $1 OR fenced_at < now() - interval '7 days'
        """

    public let worker: Worker.ID

    public init(worker: Worker.ID) { self.worker = worker }

    public func bind(_ parameters: inout Parameters) { parameters.append(worker) }
}
