import HTTPTypes
import NIOCore
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Invocations as they happen")
struct StreamTests {
    private func stream(
        _ seed: History, _ pool: PostgresPool, until end: Instant = .now + .seconds(60)
    ) throws -> InvocationStream {
        let place = try #require(StreamCounter().enter(seed.tenant.id))
        let selection = InvocationSelection(
            shard: seed.tenant.shard, tenant: seed.tenant.id, webhook: seed.webhook, limit: InvocationStream.window)
        return InvocationStream(
            pool: pool, selection: selection, known: [], until: end, every: .milliseconds(5),
            place: place)
    }

    @Test("What is there is told once, and then what comes, whatever the order of ids")
    func tells() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let pool = try database.pool(as: .api)
            var events = try stream(seed, pool).makeAsyncIterator()
            #expect(try await events.next().map { String(buffer: $0) } == ": live\n\n")
            let first = try #require(try await events.next().map { String(buffer: $0) })
            let told = first.matches(of: /event: invocation\nid: inv_\w+\ndata: \{[^\n]+\}\n\n/)
            #expect(told.count == seed.invocations.count)
            #expect(first.contains("\(seed.invocations[0])"))
            let another = seed.another
            try await database.transact(InsertInvocations([another]))
            let second = try #require(try await events.next().map { String(buffer: $0) })
            #expect(second.contains("id: \(another.id)\n") && !second.contains("\(seed.invocations[0])"))
            await pool.close()
        }
    }

    @Test("Ends at its time, and when its webhook is gone")
    func ends() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let pool = try database.pool(as: .api)
            var past = try stream(seed, pool, until: .now).makeAsyncIterator()
            _ = try await past.next()
            #expect(try await past.next() == nil)
            var events = try stream(seed, pool).makeAsyncIterator()
            for _ in 0..<2 { _ = try await events.next() }
            #expect(try await api.send(.delete, "/company/webhooks/\(seed.webhook)").status == 204)
            #expect(try await events.next() == nil)
            await pool.close()
        }
    }

    @Test("A tenant has so many at a time, and a place is free when its stream is gone")
    func places() throws {
        let counter = StreamCounter()
        let tenant = Tenant.ID()
        var places = (0..<StreamCounter.limit).compactMap { _ in counter.enter(tenant) }
        #expect(places.count == StreamCounter.limit && counter.enter(tenant) == nil)
        #expect(counter.enter(Tenant.ID()) != nil)
        places.removeLast()
        #expect(counter.enter(tenant) != nil)
    }

    @Test("All tenants together have so many at a time")
    func placesOfAll() throws {
        let counter = StreamCounter()
        var places = (0..<StreamCounter.limitOfAll).compactMap { _ in counter.enter(Tenant.ID()) }
        #expect(places.count == StreamCounter.limitOfAll && counter.enter(Tenant.ID()) == nil)
        places.removeLast()
        #expect(counter.enter(Tenant.ID()) != nil)
    }
}
