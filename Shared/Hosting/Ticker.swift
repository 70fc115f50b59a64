/// Beats at a fixed interval, by a clock that stands still for nobody: beats that come while the loop is busy are
/// skipped, never made up for. Ends when its task is cancelled.
///
/// `for await _ in Ticker(every: .seconds(1)).cancelOnGracefulShutdown() { … }` is the body of a service that works by
/// the clock.
public struct Ticker<C: Clock>: AsyncSequence, Sendable where C.Duration == Duration {
    public typealias Element = C.Instant

    let interval: Duration
    let clock: C

    /// - Parameter interval: longer than zero. The first beat comes at once.
    public init(every interval: Duration, clock: C) {
        self.interval = Swift.max(interval, .nanoseconds(1))
        self.clock = clock
    }

    public func makeAsyncIterator() -> Iterator { Iterator(interval: interval, clock: clock) }

    public struct Iterator: AsyncIteratorProtocol {
        let interval: Duration
        let clock: C
        var due: C.Instant?

        /// When this beat was due.
        public mutating func next() async -> C.Instant? {
            let now = clock.now
            guard let last = due else {
                due = now
                return now
            }
            var next = last.advanced(by: interval)
            if next < now { next = now }
            do { try await clock.sleep(until: next, tolerance: nil) } catch { return nil }
            due = next
            return next
        }
    }
}

extension Ticker where C == ContinuousClock {
    /// Beats of the real clock.
    public init(every interval: Duration) { self.init(every: interval, clock: ContinuousClock()) }
}

/// Gives `work` so much time: nil when it has not returned by then, and was cancelled.
public func within<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await work() }
        group.addTask {
            try await ContinuousClock().sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return try await group.next() ?? nil
    }
}
