import UnixSignals

/// Ctrl-C, SIGTERM and SIGHUP end the work, not the program: what was started can still be ended.
enum Interruption {
    /// Runs `body`; a signal cancels it and throws. Afterwards signals are ignored, so that nothing ends the clean-up.
    static func ends<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
                    throw CommandFailure("ended by \(signal)")
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() { if let result { return result } }
            throw CancellationError()
        }
    }
}
