/// Why a statement gave no rows.
public enum PostgresError: Error, Sendable, Equatable {
    /// No session could be had, or the statement was never sent: nothing has happened.
    case connection(String)
    /// The session died before the answer: the statements may or may not have been committed.
    case lost(String)
    /// The server refused; the whole implicit transaction was rolled back.
    case server(SQLState, message: String)
    /// The parameters cannot be sent (a NUL in a text, more than 65 535 of them): nothing has happened.
    case encoding(String)
    /// A row is not what the statement's `Row` expects. The statements have been committed.
    case decoding(String)
    /// Too many callers wait for a session already: nothing has happened.
    case busy
    /// No session became free in time: nothing has happened.
    case timedOut
    /// The caller's task was cancelled while it waited for a session: nothing has happened.
    case cancelled

    /// The server's code, where the server has spoken.
    public var sqlState: SQLState? {
        if case .server(let state, _) = self { state } else { nil }
    }

    /// True when the statements may have been committed although there is no answer.
    public var isUncertain: Bool {
        if case .lost = self { true } else { false }
    }

    /// True when nothing has happened and the same statements may well succeed a little later.
    ///
    /// False for ``lost(_:)``: only the caller knows whether its statements may run twice.
    public var isRetryable: Bool {
        switch self {
        case .connection, .busy, .timedOut: true
        case .server(let state, _): state.isTransient
        case .lost, .encoding, .decoding, .cancelled: false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    /// One line, without parameters or passwords.
    public var description: String {
        switch self {
        case .connection(let reason): "no session: \(reason)"
        case .lost(let reason): "session lost: \(reason)"
        case .server(let state, let message): "\(state.rawValue): \(message)"
        case .encoding(let reason): "cannot send: \(reason)"
        case .decoding(let reason): "cannot read: \(reason)"
        case .busy: "too many callers wait for a session"
        case .timedOut: "no session became free in time"
        case .cancelled: "cancelled while waiting for a session"
        }
    }
}
