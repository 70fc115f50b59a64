import Postgres
import Store

/// What a writer does next when the database did not take a batch. A decision only.
enum BatchStep: Hashable, Sendable {
    /// The same statements once more: nothing has happened, and nothing in them was wrong.
    case again
    /// Bring the directory up to date, then again.
    case refresh
    /// A request with several events holds a key that was used for other content: find it.
    case findConflicts
    /// The session died: ask whether the batch was committed.
    case probe
    /// One half after the other: the fault is in one of them.
    case halve
    /// The same answer for every request of the batch.
    case answer(IntakeAnswer)

    private static let attempts = 5

    /// - Parameters:
    ///   - requests: how many the batch holds, at least 1.
    ///   - attempt: how often it has been tried, from 1.
    ///   - wasLost: whether a session died under an earlier attempt; a repeated id may then be our own.
    init(after error: PostgresError, requests: Int, attempt: Int, wasLost: Bool) {
        let isAlone = requests == 1
        switch error {
        case .lost: self = .probe
        // A neighbour whose webhooks change all the time must not hold up the batch for ever.
        case .server(.directoryOutOfDate, _) where attempt < Self.attempts: self = .refresh
        case .server(.directoryOutOfDate, _): self = isAlone ? .answer(.unavailable) : .halve
        case .server(.eventKeyContested, _) where attempt < Self.attempts: self = .findConflicts
        case .server(.eventKeyContested, _): self = isAlone ? .answer(.unavailable) : .halve
        case .server(.uniqueViolation, _) where wasLost && attempt < Self.attempts: self = .probe
        case .server(let state, _) where state.errorClass == "40" && attempt < Self.attempts: self = .again
        case .server(let state, _) where state.isBadValue:
            // 23 is a constraint of our own tables: no value of a stranger's should reach it.
            self = isAlone ? .answer(state.errorClass == "22" ? .refused : .failed) : .halve
        case .encoding: self = isAlone ? .answer(.refused) : .halve
        case .server(let state, _) where state.errorClass == "42" || state.errorClass.hasPrefix("X"):
            self = .answer(.failed)
        // Time-outs and locks too: a slow database is not helped by halves that wait as long again.
        case .server, .connection, .busy, .timedOut, .cancelled: self = .answer(.unavailable)
        case .decoding: self = .answer(.failed)
        }
    }
}
