/// Waiting for something that nobody announces.
enum Deadline {
    /// Asks `condition` every 20 ms until it holds; false if it did not within `patience`.
    static func wait(
        for patience: Duration, until condition: () async throws -> Bool
    ) async throws -> Bool {
        let end = ContinuousClock.now + patience
        while try await !condition() {
            guard ContinuousClock.now < end else { return false }
            try await ContinuousClock().sleep(for: .milliseconds(20))
        }
        return true
    }
}
