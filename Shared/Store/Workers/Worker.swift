public import Webhooks

/// One delivery process, from its start to its end; a restart is another worker.
public struct Worker: Identified {
    public static let identifierPrefix = "wrk"
    public typealias ID = Identifier<Worker>

    /// The `application_name` of a worker's sessions: by it whoever fences the worker ends them (≤ 63 bytes).
    public static func applicationName(of id: ID) -> String { "martlet-delivery \(id)" }
}
