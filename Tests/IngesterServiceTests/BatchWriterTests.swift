import HTTPTypes
import JSON
import Logging
import Postgres
import Store
import Synchronization
import Testing
import TestSupport
import Webhooks

@testable import IngesterService

@Suite struct BatchWriterTests {
    private func request(
        _ fixture: Fixture, _ events: EventSubmission..., version: Int64 = 0
    ) -> IntakeRequest {
        IntakeRequest(
            tenantID: fixture.tenant.id, tenantIdentifier: fixture.tenant.identifier, shard: fixture.tenant.shard,
            events: events,
            subscriptions: TenantSubscriptions(version: version))
    }

    private func accepted(_ answer: IntakeAnswer) -> [AcceptedEvent]? {
        if case .accepted(let events) = answer { events } else { nil }
    }

    @Test(arguments: [0, 1, 6])
    func aBadValueFailsItsOwnRequestOnly(place: Int) async throws {
        try await withIngester { ingester, fixture, _ in
            try await fixture.subscribe("*")
            // The route lets no such value in: this is what would happen if it did.
            var requests = (0..<7).map { _ in request(fixture, Samples.event(), Samples.event(key: "k\(place)")) }
            requests[place] = request(fixture, Samples.event("order\0created"), Samples.event())
            let answers = await ingester.ingester.writer.write(requests)
            #expect(answers[place] == .refused)
            #expect(answers.compactMap(accepted).count == 6)
            #expect(try await fixture.count(.events) == 6 + 1)
            #expect(try await fixture.count(.deliveries) == 6 + 1)
        }
    }

    @Test func aStaleDirectoryIsBroughtUpToDate() async throws {
        try await withIngester { ingester, fixture, database in
            let other = try await Fixture.make(in: database, identifier: "other")
            try await fixture.subscribe("*")
            try await other.subscribe("*")
            try await other.subscribe("order-*")
            let answers = await ingester.ingester.writer.write([
                request(fixture, Samples.event()), request(other, Samples.event()), request(fixture, Samples.event()),
            ])
            #expect(answers.compactMap(accepted).map { $0[0].deliveries } == [1, 2, 1])
            #expect(try await fixture.count(.deliveries) == 4)
            await other.owner.close()
        }
    }

    @Test func aTenantThatIsGoneFailsNoNeighbour() async throws {
        try await withIngester { ingester, fixture, database in
            let other = try await Fixture.make(in: database, identifier: "other")
            _ = try await other.owner.execute(DeleteTenant(id: other.tenant.id))
            let answers = await ingester.ingester.writer.write([
                request(fixture, Samples.event()), request(other, Samples.event()), request(fixture, Samples.event()),
            ])
            #expect(answers[1] == .unknownTenant)
            #expect(answers.compactMap(accepted).count == 2)
            #expect(try await fixture.count(.events) == 2)
            await other.owner.close()
        }
    }

    @Test func keysHoldOverMidnight() async throws {
        try await withIngester { ingester, fixture, _ in
            var writer = ingester.ingester.writer
            let midnight = Instant(microseconds: Instant.now.microseconds / 86_400_000_000 * 86_400_000_000)
            func write(_ key: String, at offset: Duration, _ data: String = "{}") async -> AcceptedEvent? {
                writer.now = midnight + offset
                let answers = await writer.write([request(fixture, Samples.event(key: key, data: data))])
                return accepted(answers[0])?.first
            }
            let before = await write("a", at: .seconds(-1))
            let after = await write("a", at: .seconds(1))
            let later = await write("a", at: .seconds(86_390))
            #expect(before?.isDuplicate == false)
            #expect(after == before.map { AcceptedEvent(id: $0.id, isDuplicate: true, deliveries: 0) })
            #expect(later == after)
            // In the first minute yesterday's partition decides too: an ingester whose clock is behind writes there.
            let first = await write("b", at: .seconds(30))
            let behind = await write("b", at: .seconds(-1))
            #expect(first?.isDuplicate == false)
            #expect(behind?.isDuplicate == true && behind?.id == first?.id)
            // Two days later the key is free again.
            #expect(await write("a", at: .seconds(2 * 86_400))?.isDuplicate == false)
            let stored = try await fixture.count(.events)
            #expect(stored == 3)
        }
    }

    @Test func aBatchThatWasCommittedUnderALostSessionIsNotWrittenAgain() async throws {
        try await withIngester { ingester, fixture, _ in
            try await fixture.subscribe("*")
            let writer = ingester.ingester.writer
            let (plain, keyed, repeated) = (Samples.event(), Samples.event(key: "k"), Samples.event(key: "old"))
            let old = await writer.write([request(fixture, Samples.event(key: "old"))])
            let requests = [request(fixture, plain), request(fixture, keyed), request(fixture, repeated)]
            let first = await writer.write(requests)
            // As if the answer to this transaction had been lost.
            let contents = BatchContents(requests, known: writer.directory.known)
            #expect(await writer.recover(contents, by: .probe, wasLost: true) == first)
            #expect(accepted(first[2])?.first?.id == accepted(old[0])?.first?.id)
            // And as if it had still been under way when it was asked for: the second writing meets its own ids.
            #expect(await writer.write(requests, wasLost: true) == first)
            #expect(try await fixture.count(.events) == 3)
            #expect(try await fixture.count(.deliveries) == 3)
            let lost = [request(fixture, Samples.event())]
            #expect(
                await writer.recover(BatchContents(lost, known: writer.directory.known), by: .probe, wasLost: true)
                    == nil)
        }
    }

    /// Sessions are killed again and again: whatever is answered 202 is there once, whatever is not is not there twice.
    @Test func sessionsThatDieLoseNothing() async throws {
        try await withIngester(settings: ["MARTLET_INGEST_COMMITTERS": "2"]) { ingester, fixture, database in
            try await fixture.subscribe("*")
            let isOver = Flag()
            let taken = Tally()
            let answers = try await withThrowingTaskGroup(of: [RunningIngester.Answer].self) { group in
                group.addTask {
                    while !isOver.isSet {
                        // Something was taken since the last time: while nothing can be, there is nothing to lose.
                        let before = taken.count
                        _ = try await eventually { isOver.isSet || taken.count > before }
                        try await database.run(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                             WHERE datname = current_database() AND application_name = 'martlet-ingester'
                            """)
                    }
                    return []
                }
                for _ in 0..<8 {
                    group.addTask {
                        var answers: [RunningIngester.Answer] = []
                        for _ in 0..<40 {
                            let answer = try await ingester.post(#"{"type":"order-created","data":{}}"#)
                            if answer.status == 202 { taken.add() }
                            answers.append(answer)
                        }
                        return answers
                    }
                }
                var answers: [RunningIngester.Answer] = []
                for _ in 0..<8 { answers += try await group.next() ?? [] }
                isOver.set()
                return answers
            }
            let accepted = answers.filter { $0.status == 202 }
            #expect(accepted.count + answers.filter { $0.status == 503 }.count == 320)
            #expect(answers.filter { $0.status == 503 }.allSatisfy { $0.headers[.retryAfter] != nil })
            #expect(Set(accepted.compactMap(\.id)).count == accepted.count)
            #expect(accepted.count > 0)
            let stored = Set(try await fixture.owner.execute(OwedWebhooks()).map { "\($0.event)" })
            #expect(stored.isSuperset(of: accepted.compactMap(\.id)))
            #expect(try await fixture.count(.events) == stored.count)
            #expect(try await fixture.count(.deliveries) == stored.count)
        }
    }
}

/// A number that many count up.
private final class Tally: Sendable {
    private let value = Mutex(0)

    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
