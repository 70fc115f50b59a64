import Synchronization

/// Says which errors of the libraries beneath are no fault of ours: Hosting need not know PostgreSQL.
public final class ProblemTranslator: Sendable {
    private let translations = Mutex<[@Sendable (any Error) -> Problem?]>([])

    init() {}

    /// Adds a translation, asked where the ones before it gave nil. For a database that is away:
    /// `{ ($0 as? PostgresError)?.isRetryable == true ? .unavailable() : nil }`.
    public func translate(_ translation: @escaping @Sendable (any Error) -> Problem?) {
        translations.withLock { $0.append(translation) }
    }

    func problem(of error: any Error) -> Problem? {
        for translation in translations.withLock({ $0 }) {
            if let problem = translation(error) { return problem }
        }
        return nil
    }
}
