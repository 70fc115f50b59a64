import Foundation
import Postgres
import Store
import Synchronization
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// Receivers and machines as they are on a bad day.
@Suite struct FaultTests {
    @Test func aZeroByteInAHeaderHoldsUpNobody() async throws {
        try await Stage.run { stage in
            let odd = try TestReceiver { _ in
                .garbage(Array("HTTP/1.1 200 OK\r\nx-odd: a".utf8) + [0] + Array("b\r\ncontent-length: 0\r\n\r\n".utf8))
            }
            let receiver = try TestReceiver(answers: .ok)
            let one = try await stage.webhook(odd.url()) { $0.retry = RetryPolicy(maxAttempts: 2, schedule: [1]) }
            let two = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(5, for: one, two)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(try await stage.recorded(two).map(\.outcome) == Array(repeating: .succeeded, count: 5))
                // Whatever it is taken for, it is recorded and comes to an end.
                #expect(try await stage.recorded(one).count { $0.isFinal } == 5)
            }
        }
    }

    /// A third of the requests ends in a connection that is closed or reset, and many keep-alive connections are closed
    /// behind their answer, unannounced.
    @Test func connectionsThatEndAtRandomLoseNothing() async throws {
        try await Stage.run { stage in
            let random = Mutex(SeededRandom(seed: 11))
            let receiver = try TestReceiver { _ in
                switch random.withLock({ Int.random(in: 0..<12, using: &$0) }) {
                case 0, 1: .reset
                case 2: .closeBeforeHead
                case 3: .closeAfterHead
                case 4, 5, 6: .ok.with { $0.ending = .closed }
                default: .ok
                }
            }
            let webhook = try await stage.webhook(receiver.url()) {
                $0.retry = RetryPolicy(maxAttempts: 25, schedule: [1])
            }
            try await stage.withWorker {
                let events = try await stage.accept(300, for: webhook)
                try await stage.wait(.seconds(120)) { try await stage.pending() == 0 }
                let recorded = try await stage.recorded(webhook)
                #expect(recorded.count { $0.outcome == .succeeded && $0.isFinal } == 300)
                #expect(recorded.count { $0.isFinal } == 300)
                #expect(recorded.contains { $0.errorClass == .connectionReset })
                #expect(Set(receiver.requests.compactMap { $0.header("webhook-id") }) == Set(events.map(\.description)))
            }
        }
    }

    @Test(arguments: ["99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
    func nobodyIsHeldLongerThanADay(retryAfter: String) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { _ in ReceiverAnswer(status: 503, headers: [("Retry-After", retryAfter)]) }
            let webhook = try await stage.webhook(receiver.url()) { $0.maxConcurrency = 1 }
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 1 }
                try await stage.wait { try await stage.pool.execute(FindLaneStates(shards: [stage.shard])).count == 1 }
            }
            for wait in try await stage.pool.execute(FindWaits()) { #expect((86_000...86_401).contains(wait)) }
            #expect(try await stage.pool.execute(FindWaits()).count == 2, "the delivery's and the lane's")
        }
    }

    /// Database time decides: neither when something is due nor what requests and history say is a machine's own.
    @Test(arguments: [-3600, 3600])
    func aWorkersClockMayBeAnHourOff(seconds: Int) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500), .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker(machineTime: { .now + .seconds(seconds) }) {
                try await stage.accept(1, for: webhook)
                let requests = try await receiver.waitForRequests(2)
                for request in requests {
                    let timestamp = try #require(request.header("webhook-timestamp").flatMap { Int64($0) })
                    #expect(abs(Instant.now.seconds - timestamp) < 600)
                }
                try await stage.wait { try await stage.pending() == 0 }
                let starts = try await stage.pool.execute(FindStarts())
                #expect(starts.count == 2 && starts.allSatisfy { abs(Instant.now.seconds - $0.seconds) < 600 })
            }
        }
    }

    /// Its sessions may be ended, and its shards taken, at any statement: what it has written of a flush is undone.
    @Test func aWorkerThatLosesItsShardsBetweenTwoWritesSettlesNothing() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            let session = try await stage.database.connect()
            try await stage.withWorker {
                try await stage.accept(5, for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 5 }
                // The deliveries of the next flush are deleted before it waits for the history.
                try await session.run(script: "BEGIN; LOCK TABLE invocations IN SHARE MODE")
                try await stage.accept(5, for: webhook)
                try await stage.waitForLock()
                let worker = try #require(try await stage.pool.execute(FindLeases()).first?.owner)
                let thief = Worker.ID()
                _ = try await stage.pool.execute(JoinWorkers(id: thief, name: "thief"))
                _ = try await stage.pool.execute(TakeShards(for: thief, from: [worker], atMost: 64))
                try await session.run(script: "COMMIT")
                let beat = try await stage.beat(of: worker)
                try await stage.wait { try await stage.beat(of: worker) > beat + 3 }
                #expect(try await stage.pending() == 5)
                #expect(try await stage.recorded(webhook).count == 5)
            }
            await session.close()
        }
    }

    /// By hand: `MARTLET_TEST_BURST=200000`.
    @Test func aBurstAfterAnIdleTime() async throws {
        let burst = ProcessInfo.processInfo.environment["MARTLET_TEST_BURST"].flatMap { Int($0) } ?? 5_000
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                // Idle until the patrol has been everywhere where there was something.
                let worker = try #require(try await stage.pool.execute(FindLeases()).first?.owner)
                let beat = try await stage.beat(of: worker)
                try await stage.wait(.seconds(60)) { try await stage.beat(of: worker) > beat + 8 }
                for _ in 0..<(burst / 1000) { try await stage.accept(1000, for: webhook) }
                try await stage.wait(.seconds(600)) { try await stage.pending() == 0 }
                #expect(Set(receiver.requests.compactMap { $0.header("webhook-id") }).count == burst + 1)
                #expect(receiver.requests.count == burst + 1)
            }
        }
    }
}

extension Stage {
    fileprivate func beat(of worker: Worker.ID) async throws -> Int64 {
        try await pool.execute(FindPeers()).first { $0.id == worker }?.beat ?? 0
    }
}

/// In seconds from now: until a delivery is due, until a lane goes on.
private struct FindWaits: Statement {
    static let sql = """
        SELECT extract(epoch FROM due_at - now())::float8 FROM deliveries
         UNION ALL SELECT extract(epoch FROM paused_until - now())::float8 FROM lane_states
        """
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Double { try row.column(0) }
}

private struct FindStarts: Statement {
    static let sql = "SELECT started_at FROM invocations"
    static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Instant { try row.column(0) }
}
