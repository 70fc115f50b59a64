import Curl
import Epoll
import Synchronization
import TestSupport
import Testing

/// Cancelling, closing, and the promises about when a completion is called.
@Suite struct EndingTests {
    @Test func cancelledTask() async throws {
        let receiver = try TestReceiver(answers: .hang)
        let engine = try HTTPEngine.onLoopback()
        let task = Task { await engine.send(.get(receiver.url())) }
        try await receiver.waitForRequests(1)
        task.cancel()
        #expect(await task.value.failure == .cancelled)
        #expect(await engine.inFlight == 0)
    }

    @Test func taskCancelledBefore() async throws {
        let receiver = try TestReceiver(answers: .hang)
        let engine = try HTTPEngine.onLoopback()
        let outcome = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await engine.send(.get(receiver.url()))
        }.value
        #expect(outcome.failure == .cancelled)
    }

    @Test func completionsComeAfterTheCall() async throws {
        let receiver = try TestReceiver(answers: .hang)
        let engine = try HTTPEngine.onLoopback()
        let results = Mutex<[String]>([])
        let over = AsyncStream<Void>.makeStream()
        await engine.note("called", results) { engine in
            let note = { (name: String) in
                { (outcome: TransferOutcome) in
                    results.withLock { $0.append("\(name) \(outcome.failure == .cancelled)") }
                    if results.withLock({ $0.count }) == 4 { over.continuation.finish() }
                }
            }
            engine.start(OutboundRequest(method: "POST", url: "nonsense"), completion: note("invalid"))
            let first = engine.start(.get(receiver.url()), completion: note("first"))
            let second = engine.start(.get(receiver.url()), completion: note("second"))
            engine.cancel(second)
            engine.cancel(first)
            engine.cancel(first)
        }
        for await _ in over.stream {}
        #expect(results.withLock { $0 } == ["called", "invalid false", "second true", "first true"])
    }

    @Test func completionsMayStartAndCancel() async throws {
        let receiver = try TestReceiver { $0.target == "/hang" ? .hang : .ok }
        let engine = try HTTPEngine.onLoopback()
        let over = AsyncStream<TransferFailure?>.makeStream()
        await engine.run { engine in
            let hanging = engine.start(.get(receiver.url("/hang"))) { over.continuation.yield($0.failure) }
            engine.start(.get(receiver.url("/one"))) { _ in
                engine.assumeIsolated { engine in
                    engine.cancel(hanging)
                    engine.start(.get(receiver.url("/two"))) { outcome in
                        over.continuation.yield(outcome.failure)
                        over.continuation.finish()
                    }
                }
            }
        }
        var failures: [TransferFailure?] = []
        for await failure in over.stream { failures.append(failure) }
        #expect(failures == [.cancelled, nil])
    }

    @Test func closing() async throws {
        let receiver = try TestReceiver { $0.number == 0 ? .ok : .hang }
        let engine = try HTTPEngine.onLoopback()
        #expect(await engine.send(.get(receiver.url())).response?.status == 200)
        async let hanging = engine.send(.get(receiver.url()))
        try await receiver.waitForRequests(2)
        await engine.close()
        #expect(await hanging.failure == .cancelled)
        #expect(await engine.send(.get(receiver.url())).failure == .cancelled)
        await engine.close()
    }

    @Test func anEngineThatGoesAwayEndsItsTransfers() async throws {
        let receiver = try TestReceiver { $0.number == 0 ? .ok : .hang }
        let over = AsyncStream<TransferOutcome>.makeStream()
        do {
            let engine = try HTTPEngine.onLoopback()
            #expect(await engine.send(.get(receiver.url())).response?.status == 200)  // leaves an idle connection
            await engine.run { engine in
                engine.start(.get(receiver.url())) {
                    over.continuation.yield($0)
                    over.continuation.finish()
                }
            }
            try await receiver.waitForRequests(2)
        }
        var failures: [TransferFailure?] = []
        for await outcome in over.stream { failures.append(outcome.failure) }
        #expect(failures == [.cancelled])
    }

    @Test func closingFromACompletion() async throws {
        let receiver = try TestReceiver()
        let engine = try HTTPEngine.onLoopback()
        let over = AsyncStream<Void>.makeStream()
        await engine.run { engine in
            for _ in 0..<10 {
                engine.start(.get(receiver.url())) { _ in
                    engine.assumeIsolated { $0.close() }
                    over.continuation.yield()
                }
            }
        }
        var count = 0
        for await _ in over.stream {
            count += 1
            if count == 10 { break }
        }
        #expect(await engine.inFlight == 0)
    }

    /// A cancelled or timed-out transfer must leave nothing behind for the next user of its handle.
    @Test func handlesAreCleanAfterwards() async throws {
        let receiver = try TestReceiver { $0.target == "/drip" ? .drip(bytes: 9999, bytesPerSecond: 1000) : .ok }
        let engine = try HTTPEngine.onLoopback()
        for _ in 0..<3 {
            let dripped = await engine.send(.get(receiver.url("/drip"), timeout: .seconds(1)))
            #expect(dripped.failure == .timedOut)
            let outcome = await engine.send(.get(receiver.url("/ok")))
            let response = try #require(outcome.response)
            #expect(response.body.isEmpty && !response.isTruncated && response.headers.count == 1)
        }
    }
}

extension HTTPEngine {
    func run(_ body: @Sendable (isolated HTTPEngine) -> Void) { body(self) }

    func note(_ word: String, _ words: borrowing Mutex<[String]>, after body: @Sendable (isolated HTTPEngine) -> Void) {
        body(self)
        words.withLock { $0.append(word) }
    }
}
