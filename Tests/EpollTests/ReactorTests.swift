import Epoll
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReactorTests {
    private let reactor = Reactor()

    /// Runs `body` on the reactor's thread and waits until it, or whatever it set off, calls the closure it is given.
    private func onReactor<Value: Sendable>(_ body: @escaping @Sendable (@escaping (Value) -> Void) -> Void) async
        -> Value
    {
        await withCheckedContinuation { continuation in
            reactor.perform { body { continuation.resume(returning: $0) } }
        }
    }

    @Test func alarmsFireInOrderAndNeverInPlace() async {
        let fired: [String] = await onReactor { [reactor] finish in
            var fired: [String] = []
            reactor.alarm(after: .milliseconds(20)) {
                fired.append("later")
                finish(fired)
            }
            let cancelled = reactor.alarm(after: .milliseconds(1)) { fired.append("cancelled") }
            reactor.alarm(after: .zero) { fired.append("at once") }
            reactor.alarm(after: .milliseconds(2)) { fired.append("soon") }
            reactor.cancel(cancelled)
            fired.append("in place")
        }
        #expect(fired == ["in place", "at once", "soon", "later"])
        reactor.stop()
    }

    @Test func anAlarmIsNeverEarly() async {
        let early: Duration = await onReactor { [reactor] finish in
            let deadline = ContinuousClock.now + .milliseconds(3)
            reactor.alarm(after: .milliseconds(3)) { finish(deadline - .now) }
        }
        #expect(early <= .zero)
        reactor.stop()
    }

    @Test func anAlarmFarAwayDoesNotOverflow() async {
        let fired: [String] = await onReactor { [reactor] finish in
            reactor.alarm(after: .seconds(1 << 40)) { finish(["far"]) }
            reactor.alarm(after: .milliseconds(1)) { finish(["near"]) }
        }
        #expect(fired == ["near"])
        reactor.stop()
    }

    @Test func jobsThatBegetJobsHoldUpNeitherAlarmsNorSockets() async {
        let pair = SocketPair()
        let family = Family()
        @Sendable func beget() {
            reactor.perform { if !family.isOver.load(ordering: .relaxed) { beget() } }
        }
        let seen: Set<String> = await onReactor { [reactor] finish in
            var seen: Set<String> = []
            func saw(_ what: String) {
                if seen.insert(what).inserted, seen.count == 2 { finish(seen) }
            }
            beget()
            reactor.alarm(after: .milliseconds(1)) { saw("alarm") }
            reactor.watch(pair.near, for: .read) { _ in
                reactor.unwatch(pair.near)
                saw("socket")
            }
            pair.writeToFar()
        }
        family.isOver.store(true, ordering: .relaxed)
        #expect(seen == ["alarm", "socket"])
        pair.closeBoth()
        reactor.stop()
    }

    private final class Family: Sendable {
        let isOver = Atomic<Bool>(false)
    }

    private final class Record: Sendable {
        let received: Mutex<[[Int]]>
        init(threads: Int) { received = Mutex(Array(repeating: [], count: threads)) }
    }

    @Test func workFromManyThreadsRunsOnceInTheOrderOfEachThread() async {
        let (threads, each) = (8, 5_000)
        let record = Record(threads: threads)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask { [reactor] in
                    await withCheckedContinuation { continuation in
                        for number in 0..<each {
                            reactor.perform {
                                record.received.withLock { $0[thread].append(number) }
                                if number == each - 1 { continuation.resume() }
                            }
                        }
                    }
                }
            }
        }
        #expect(record.received.withLock { $0 } == Array(repeating: Array(0..<each), count: threads))
        reactor.stop()
    }

    @Test func stoppingRunsWhatIsQueued() async {
        let count = Mutex(0)
        await withCheckedContinuation { continuation in
            reactor.perform { [reactor] in
                reactor.stop()
                for _ in 0..<10 { reactor.perform { count.withLock { $0 += 1 } } }
                reactor.perform { continuation.resume() }
            }
        }
        #expect(count.withLock { $0 } == 10)
    }
}
