public import Logging
import Synchronization

/// What all log lines of one request have in common: its id, and what is learned of it on the way.
///
/// It goes with the task, so a line that a module far below writes has it too, whatever logger it writes to.
public final class RequestNotes: Sendable {
    /// Of the request that this task works for; nil where it works for none.
    @TaskLocal public static var current: RequestNotes?

    /// `X-Request-ID` of the answer.
    public let requestID: String
    private let notes: Mutex<Logger.Metadata>

    /// - Parameter requestID: as the answer has it.
    public init(requestID: String) {
        self.requestID = requestID
        notes = Mutex([LogLine.requestID: .string(requestID)])
    }

    /// In every line from now on, the one that tells of the answer among them.
    public func add(_ key: String, _ value: Logger.MetadataValue) { notes.withLock { $0[key] = value } }

    var metadata: Logger.Metadata { notes.withLock(\.self) }
}
