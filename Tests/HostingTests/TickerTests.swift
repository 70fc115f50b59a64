import Synchronization
import Testing

@testable import Hosting

/// A clock that moves only when it is told to, or slept on.
final class HandClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
    }

    private let time = Mutex(Duration.zero)
    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }

    func advance(_ duration: Duration) { time.withLock { $0 += duration } }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline.offset) }
    }
}

@Suite struct TickerTests {
    @Test func beatsAreEvenAndMissedOnesSkipped() async {
        let clock = HandClock()
        var beats = Ticker(every: .seconds(1), clock: clock).makeAsyncIterator()
        var due: [Duration] = []
        for busy in [Duration.zero, .milliseconds(300), .milliseconds(3500), .zero, .zero] {
            if let beat = await beats.next() { due.append(beat.offset) }
            clock.advance(busy)
        }
        #expect(due == [.zero, .seconds(1), .seconds(2), .milliseconds(5500), .milliseconds(6500)])
    }

    @Test func cancellationEndsIt() async {
        let task = Task {
            var count = 0
            for await _ in Ticker(every: .seconds(3600)) { count += 1 }
            return count
        }
        task.cancel()
        #expect(await task.value <= 1)
    }

    @Test func workHasItsTime() async throws {
        #expect(try await within(.seconds(60)) { 1 } == 1)
        #expect(try await within(.milliseconds(5)) { try await ContinuousClock().sleep(for: .seconds(600)) } == nil)
        await #expect(throws: RouteTests.Lost.self) { try await within(.seconds(60)) { throw RouteTests.Lost() } }
    }
}
