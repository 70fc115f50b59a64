extension Reactor: SerialExecutor {
    public func enqueue(_ job: consuming ExecutorJob) { enqueue(.job(UnownedJob(job))) }

    /// Runs `body` on the reactor's thread soon; from any thread. For cancellation handlers, which cannot await.
    public func perform(_ body: @escaping @Sendable () -> Void) { enqueue(.call(body)) }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }
    public func checkIsolated() { preconditionOnThread() }
}

extension Reactor {
    /// Returns `duration` from now, or at once when the task is cancelled. From any task.
    public func pause(for duration: Duration) async {
        let (over, continuation) = AsyncStream<Void>.makeStream()
        perform { self.alarm(after: duration) { continuation.finish() } }
        for await _ in over {}  // ends with the stream or with the task
    }
}
