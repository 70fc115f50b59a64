import Postgres
import Synchronization

/// Makes one reading of what many callers want at the same time.
final class SharedReads<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private typealias Answer = Result<Value, PostgresError>
    private typealias Waiter = CheckedContinuation<Answer?, Never>

    private let waiters = Mutex<[Key: [Waiter]]>([:])

    /// What `read` gives: called by the first caller, waited for by those that come until it is done.
    func value(
        of key: Key, read: () async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        while let answer = await join(key) {
            // That the first caller's client is gone is no answer to those who waited with it.
            if case .failure(.cancelled) = answer { continue }
            return try answer.get()
        }
        let answer: Answer
        do throws(PostgresError) { answer = .success(try await read()) } catch { answer = .failure(error) }
        for waiter in waiters.withLock({ $0.removeValue(forKey: key) }) ?? [] { waiter.resume(returning: answer) }
        return try answer.get()
    }

    /// Waits for the caller that reads already; nil: there is none, and now it is this one.
    private func join(_ key: Key) async -> Answer? {
        await withCheckedContinuation { (waiter: Waiter) in
            let isFirst = waiters.withLock { waiters in
                if waiters[key] != nil {
                    waiters[key]?.append(waiter)
                    return false
                }
                waiters[key] = []
                return true
            }
            if isFirst { waiter.resume(returning: nil) }
        }
    }
}
