import Epoll
import Glibc
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExecutorTests {
    private actor Counter {
        let reactor: Reactor
        nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
        private(set) var count = 0
        private(set) var threads: Set<UInt> = []

        init(on reactor: Reactor) { self.reactor = reactor }

        func increment() {
            count += 1
            threads.insert(UInt(pthread_self()))
        }
    }

    private func thread(of reactor: Reactor) async -> UInt {
        await withCheckedContinuation { continuation in
            reactor.perform { continuation.resume(returning: UInt(pthread_self())) }
        }
    }

    @Test func anActorRunsOnItsReactorsThreadAlone() async {
        let reactor = Reactor()
        let counter = Counter(on: reactor)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10_000 { group.addTask { await counter.increment() } }
        }
        #expect(await counter.count == 10_000)
        #expect(await counter.threads == [thread(of: reactor)])
        reactor.stop()
    }

    @Test func aCallbackMayAssumeTheActorsIsolation() async {
        let reactor = Reactor()
        let counter = Counter(on: reactor)
        await withCheckedContinuation { continuation in
            reactor.perform {
                counter.assumeIsolated { $0.increment() }
                continuation.resume()
            }
        }
        #expect(await counter.count == 1)
        #expect(reactor.isIsolatingCurrentContext() == false)
        reactor.stop()
    }

    @Test func aGroupHandsItsReactorsOutInTurn() async {
        let group = ReactorGroup(count: 3)
        let first = [group.next(), group.next(), group.next()]
        let second = [group.next(), group.next(), group.next()]
        #expect(Set(first.map(ObjectIdentifier.init)).count == 3)
        #expect(first.map(ObjectIdentifier.init) == second.map(ObjectIdentifier.init))
        var threads: Set<UInt> = []
        for reactor in first { threads.insert(await thread(of: reactor)) }
        #expect(threads.count == 3)
        group.stop()
    }
}
