import Logging
import Postgres
import Prometheus
import Store
import Webhooks

/// Writes batches: one round trip and one transaction for the keys, events, deliveries and the wake of many requests.
///
/// How keys and conflicts are dealt with:
/// - A single event whose key was used before is simply not stored, in the transaction in which its neighbours are; the
///   last statement tells whose key it is, and so whether the answer is 202 or 409.
/// - Of a request with several events nothing may be stored when one of them conflicts, and its other events are in the
///   same transaction. So a statement behind the keys raises `MA003` if such a request holds a key whose first content
///   is another. All is rolled back, one query names the requests to blame, they are answered 409, the rest goes again.
///   Looking keys up beforehand would cost every request a round trip and still leave the race; a conflict is rare.
/// - Two requests of one batch with the same key need no special case: one of the two rows wins, the other is found
///   like any other holder. If the loser has several events and other content, `MA003` is raised although no row is to
///   be seen afterwards; then the batch is halved until the two are apart.
///
/// How a lost session is dealt with: event ids are ours and the tables' keys, so "does one of these ids exist?" tells
/// whether the batch was committed. If so, only the answers are fetched; if not, it goes again. Should the lost
/// transaction still be alive then, the second waits for it at the first id, fails with 23505, and the question is
/// asked again. A batch of which nothing is stored (repetitions only) may go again without harm.
struct BatchWriter: Sendable {
    let pool: PostgresPool
    let directory: SubscriptionDirectory
    let notifier: WakeNotifier
    let metrics: IngesterMetrics
    let logger: Logger
    /// How long it is asked whether a batch was committed, before its requests are answered 503.
    var patience: Duration = .seconds(10)
    /// The database's clock in production (nil); tests of midnight pass an instant.
    var now: Instant?

    private static let attempts = 10

    /// Answers one for one, in the order of the requests.
    func write(_ requests: [IntakeRequest]) async -> [IntakeAnswer] { await write(requests, wasLost: false) }

    func write(_ requests: [IntakeRequest], wasLost: Bool) async -> [IntakeAnswer] {
        guard !requests.isEmpty else { return [] }
        var wasLost = wasLost
        var attempt = 0
        while true {
            attempt += 1
            let contents = BatchContents(requests, known: directory.known)
            do throws(PostgresError) {
                let holders = try await store(contents)
                return contents.answers(holders)
            } catch {
                wasLost = wasLost || error.isUncertain
                let step = BatchStep(after: error, requests: requests.count, attempt: attempt, wasLost: wasLost)
                log(error, step, requests)
                if let answers = await recover(contents, by: step, wasLost: wasLost) { return answers }
                // Known not to be stored. Whatever kills every session that it is sent on is not sent for ever.
                if attempt >= Self.attempts { return requests.map { _ in .unavailable } }
            }
        }
    }

    /// The transaction. Statements that have nothing to do are left out of it.
    private func store(_ contents: BatchContents) async throws(PostgresError) -> BatchContents.Holders {
        let start = ContinuousClock.now
        let tenants = contents.subscriptions.keys.sorted()
        let rows = try await pool.transact(
            RequireDirectoryVersions(
                tenants: tenants, versions: tenants.map { contents.subscriptions[$0]?.version ?? -1 }),
            InsertYesterdaysEventKeys(contents.keys, at: now), InsertEventKeys(contents.keys, at: now),
            RequireUncontestedEventKeys(contents.guardedKeys, at: now), InsertEvents(contents.events, at: now),
            InsertDeliveries(contents.deliveries, at: now), InsertWake(of: contents.deliveries),
            FindDuplicateEventKeys(contents.keys, at: now))
        metrics.commitSeconds.observe(ContinuousClock.now - start)
        metrics.batchEvents.observe(Double(contents.events.count))
        if !contents.deliveries.isEmpty { notifier.wake() }
        return Self.byEvent(rows.7)
    }

    /// Who held these keys first, where it is not the event of the row.
    func holders(of keys: [EventKeyRow]) async throws(PostgresError) -> BatchContents.Holders {
        keys.isEmpty ? [:] : Self.byEvent(try await pool.execute(FindDuplicateEventKeys(keys, at: now)))
    }

    func isCommitted(_ contents: BatchContents) async throws(PostgresError) -> Bool {
        try await !pool.execute(FindStoredEvents(contents.events)).isEmpty
    }

    private static func byEvent(_ rows: [FindDuplicateEventKeys.Row]) -> BatchContents.Holders {
        Dictionary(rows.map { ($0.eventID, $0) }) { first, _ in first }
    }

    private func log(_ error: PostgresError, _ step: BatchStep, _ requests: [IntakeRequest]) {
        let level: Logger.Level = step == .answer(.failed) ? .error : .debug
        logger.log(
            level: level, "Batch not taken",
            metadata: [
                "error": "\(error)", "batch.step": "\(step)",
                "batch.requests": .array(requests.map { .string($0.requestID) }),
            ])
    }
}
