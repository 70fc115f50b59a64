import Epoll
import HTTPTypes
import HummingbirdTesting
import Logging
import Postgres
import Store
import Synchronization
import Testing
import TestSupport
import Webhooks

@testable import IngesterService

/// Set once, read by many.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
}

/// Holds up those who pass until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        if !isOpen { await withCheckedContinuation { waiting.append($0) } }
    }

    func open() {
        isOpen = true
        for waiter in waiting { waiter.resume() }
        waiting = []
    }
}

/// A buffer that runs, whose first batch waits at a gate, and the sizes of its batches.
private final class BufferStage: Sendable {
    let buffer: IntakeBuffer
    let service: Task<Void, any Error>
    let started: Gate
    let gate: Gate
    private let written: Tally

    /// Sizes of batches, in order.
    private final class Tally: Sendable {
        let sizes = Mutex<[Int]>([])
    }

    init(patience: Duration = .milliseconds(5)) {
        let (started, gate, written) = (Gate(), Gate(), Tally())
        let buffer = IntakeBuffer(committers: 1, reactor: TestDatabase.reactor, patience: patience) { requests in
            written.sizes.withLock { $0.append(requests.count) }
            await started.open()
            await gate.pass()
            return requests.map { _ in .accepted([]) }
        }
        (self.started, self.gate, self.written, self.buffer) = (started, gate, written, buffer)
        service = Task { try await buffer.run() }
    }

    var sizes: [Int] { written.sizes.withLock { $0 } }
}

@Suite struct OutageTests {
    private static let order = #"{"type":"order-created","data":{}}"#

    @Test func withoutADatabaseItStartsAndRefuses() async throws {
        try await RunningIngester.with("postgres://nobody@127.0.0.1:1/none", waits: false) { ingester in
            let answer = try await ingester.post(Self.order)
            #expect(answer.status == 503 && answer.headers[.retryAfter] != nil)
            let ready = try await ingester.client.execute(uri: "/readyz", method: .get) { $0.status }
            #expect(ready == .serviceUnavailable)
            let alive = try await ingester.client.execute(uri: "/livez", method: .get) { $0.status }
            #expect(alive == .ok)
            #expect(try await ingester.post(Self.order, token: nil).status == 401)
        }
    }

    @Test func itRecoversByItself() async throws {
        try await withIngester { ingester, fixture, database in
            #expect(try await ingester.post(Self.order).status == 202)
            let server = try await database.connect()
            try await server.run(
                script: "ALTER ROLE martlet_ingester IN DATABASE \(database.name) SET lock_timeout = '3s'")
            try await server.run(
                script: """
                    UPDATE pg_database SET datallowconn = false WHERE datname = current_database();
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid();
                    """)
            #expect(try await eventually { try await ingester.post(Self.order).status == 503 })
            try await server.run(
                script: "UPDATE pg_database SET datallowconn = true WHERE datname = current_database()")
            #expect(try await eventually { try await ingester.post(Self.order).status == 202 })
            await server.close()
        }
    }

    @Test func aFullQueueRefuses() async throws {
        let stage = BufferStage()
        let buffer = stage.buffer
        let large = IntakeRequest(
            tenantID: Samples.tenant, tenantIdentifier: "acme", shard: Samples.shard,
            events: Array(repeating: Samples.event(), count: 1000),
            subscriptions: Samples.subscriptions())
        let service = stage.service
        async let first = buffer.submit(large)
        await stage.started.pass()
        await withTaskGroup(of: IntakeAnswer.self) { group in
            for _ in 0..<30 { group.addTask { await buffer.submit(large) } }
            // One is being written and twenty wait; ten are refused before anything is written.
            for _ in 0..<10 { #expect(await group.next() == .unavailable) }
            await stage.gate.open()
            for _ in 0..<20 { #expect(await group.next() == .accepted([])) }
        }
        #expect(await first == .accepted([]))
        service.cancel()
        try await service.value
    }

    @Test func whatWaitsIsWrittenBeforeTheBufferEnds() async throws {
        let stage = BufferStage()
        let buffer = stage.buffer
        let service = stage.service
        async let first = buffer.submit(Samples.request(Samples.event()))
        await stage.started.pass()
        async let second = buffer.submit(Samples.request(Samples.event()))
        #expect(try await eventually { buffer.count == 1 })
        service.cancel()
        #expect(try await eventually { buffer.isFinished })
        #expect(await buffer.submit(Samples.request(Samples.event())) == .unavailable)
        await stage.gate.open()
        #expect(await first == .accepted([]))
        #expect(await second == .accepted([]))
        try await service.value
    }

    /// The sizes of the batches that `count` requests become, after as many were answered together.
    private func batches(of count: Int, patience: Duration) async throws -> [Int] {
        let stage = BufferStage(patience: patience)
        let (buffer, service) = (stage.buffer, stage.service)
        async let first = buffer.submit(Samples.request(Samples.event()))
        await stage.started.pass()
        for round in 1...2 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<count { group.addTask { _ = await buffer.submit(Samples.request(Samples.event())) } }
                if round == 1, (try? await eventually { buffer.count == count }) == true { await stage.gate.open() }
            }
        }
        #expect(await first == .accepted([]))
        service.cancel()
        try await service.value
        return stage.sizes
    }

    @Test func aCrowdThatWasAnsweredIsWaitedFor() async throws {
        #expect(try await batches(of: 20, patience: .seconds(600)) == [1, 20, 20], "not one by one as they come")
    }

    @Test func aFullBatchIsNotWaitedFor() async throws {
        let stage = BufferStage(patience: .seconds(600))
        let (buffer, service) = (stage.buffer, stage.service)
        let request = IntakeRequest(
            tenantID: Samples.tenant, tenantIdentifier: "acme", shard: Samples.shard,
            events: (0..<30).map { _ in Samples.event() },
            subscriptions: Samples.subscriptions())
        async let first = buffer.submit(request)
        await stage.started.pass()
        async let rest = withTaskGroup(of: IntakeAnswer.self) { group in
            for _ in 0..<34 { group.addTask { await buffer.submit(request) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try await eventually { buffer.count == 34 })
        await stage.gate.open()
        // 480 events, then 540 wait: of these a batch goes at once, and the rest when no more can come.
        #expect(try await eventually { stage.sizes == [1, 16, 16] })
        service.cancel()
        #expect(await rest.count == 34)
        #expect(await first == .accepted([]))
        #expect(stage.sizes == [1, 16, 16, 2])
    }

    @Test func aCrowdThatStaysAwayIsNotWaitedForLong() async throws {
        let sizes = try await batches(of: IntakeBuffer.crowd, patience: .milliseconds(1))
        #expect(sizes.reduce(0, +) == 1 + 2 * IntakeBuffer.crowd)
    }

    @Test func commitsAreFollowedByANotification() async throws {
        try await withIngester { ingester, fixture, database in
            let pool = try database.pool(as: .delivery)
            try await fixture.subscribe("*")
            let notifications = try await pool.listen(to: NotifyWakes.channel)
            for _ in 0..<20 { #expect(try await ingester.post(Self.order).status == 202) }
            var iterator = notifications.makeAsyncIterator()
            #expect(try await iterator.next() != nil)
            await pool.close()
        }
    }
}
