import Postgres
import Store
import Testing
import Webhooks

@Suite struct IngestTests {
    /// One batch as the ingester writes it.
    @discardableResult
    private func store(
        _ events: [EventRow], _ deliveries: [DeliveryRow], keys: [EventKeyRow] = [], version: Int64, in world: World,
        at: Instant? = nil
    ) async throws -> [FindDuplicateEventKeys.Row] {
        try await world.ingester.transact(
            RequireDirectoryVersions(tenants: [world.tenant.id], versions: [version]),
            InsertYesterdaysEventKeys(keys, at: at), InsertEventKeys(keys, at: at), InsertEvents(events, at: at),
            InsertDeliveries(deliveries, at: at), InsertWake(of: deliveries), FindDuplicateEventKeys(keys, at: at)
        ).6
    }

    private func key(_ event: EventRow, _ text: String, body: String = "b", in world: World) -> EventKeyRow {
        EventKeyRow(
            shard: world.shard, tenantID: world.tenant.id, key: Self.fingerprint(text), eventID: event.id,
            body: Self.fingerprint(body), deliveries: 7)
    }

    private static func fingerprint(_ text: String) -> Fingerprint { Fingerprint(of: [Array(text.utf8)]) }

    @Test("A batch is stored whole and read back")
    func batch() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let large = "{\"note\":\"" + String(repeating: "Bård ", count: 500) + "\"}"
            let events = [
                world.row(data: large, related: "{\"customer\":1}"),
                world.row(resource: nil, data: "{\"price\":10.1125}"),
            ]
            let deliveries = events.map { world.delivery(of: $0, to: webhook.id) }
            try await store(events, deliveries, version: world.version(), in: world)
            let keys = events.map { EventKey(shard: world.shard, tenantID: world.tenant.id, id: $0.id) }
            let unknown = EventKey(shard: world.shard, tenantID: world.tenant.id, id: Event.ID())
            let found = try await world.delivery.execute(FindEvents([unknown] + keys))
            #expect(found.map(\.id) == events.map(\.id))
            #expect(try await world.ingester.execute(FindStoredEvents([world.row(), events[1]])) == [events[1].id])
            #expect(try await world.ingester.execute(FindStoredEvents([world.row()])).isEmpty)
            let first = try #require(found.first)
            #expect(first.data == Array(large.utf8))
            #expect(first.related == Array("{\"customer\":1}".utf8))
            #expect(first.type == "order-created" && first.resourceID == "r1" && first.traceparent == "00-ab-cd-01")
            #expect(first.occurredAt == Instant(microseconds: 1_700_000_000_123_456))
            #expect(found.last?.related == nil && found.last?.resourceID == nil)
            #expect(found.last?.data == Array("{\"price\":10.1125}".utf8))
            #expect(try await world.pending(of: webhook.id).map(\.eventID) == events.map(\.id))
        }
    }

    @Test("A directory that is out of date aborts the batch, and so does a tenant that is gone")
    func staleDirectory() async throws {
        try await withWorld { world in
            let version = try await world.version()
            let webhook = try await world.makeWebhook()
            let event = world.row()
            let stale = try await state {
                try await store([event], [world.delivery(of: event, to: webhook.id)], version: version, in: world)
            }
            #expect(stale == .directoryOutOfDate)
            #expect(try await world.pending(of: webhook.id).isEmpty)
            try await store([event], [], version: version + 1, in: world)
            let gone = try await state {
                _ = try await world.ingester.execute(RequireDirectoryVersions(tenants: [Tenant.ID()], versions: [0]))
            }
            #expect(gone == .directoryOutOfDate)
        }
    }

    @Test("The same key again stores nothing and tells who came first")
    func duplicates() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let version = try await world.version()
            let first = world.row(key: Self.fingerprint("k"))
            let none = try await store(
                [first], [world.delivery(of: first, to: webhook.id)], keys: [key(first, "k", in: world)],
                version: version, in: world)
            #expect(none.isEmpty)
            let second = world.row(key: Self.fingerprint("k"))
            let other = world.row(key: Self.fingerprint("other"))
            let rows = [key(second, "k", body: "changed", in: world), key(other, "other", in: world)]
            let duplicates = try await store(
                [second, other], [second, other].map { world.delivery(of: $0, to: webhook.id) }, keys: rows,
                version: version, in: world)
            #expect(duplicates.map(\.eventID) == [second.id])
            #expect(duplicates.first?.firstEventID == first.id)
            #expect(duplicates.first?.body == Self.fingerprint("b") && duplicates.first?.deliveries == 7)
            #expect(try await world.pending(of: webhook.id).map(\.eventID) == [first.id, other.id])
            let stored = try await world.delivery.execute(
                FindEvents([second, other].map { EventKey(shard: $0.shard, tenantID: $0.tenantID, id: $0.id) }))
            #expect(stored.map(\.id) == [other.id])
        }
    }

    @Test("A key with other content aborts a request that must stay whole; the same content does not")
    func contested() async throws {
        try await withWorld { world in
            let version = try await world.version()
            let first = world.row(key: Self.fingerprint("k"))
            try await store([first], [], keys: [key(first, "k", in: world)], version: version, in: world)
            for (body, expected) in [("b", nil), ("changed", SQLState.eventKeyContested)] {
                let second = world.row(key: Self.fingerprint("k"))
                let rows = [key(second, "k", body: body, in: world)]
                let other = world.row()
                let outcome = try await state {
                    _ = try await world.ingester.transact(
                        InsertEventKeys(rows), RequireUncontestedEventKeys(rows), InsertEvents([other, second]))
                }
                #expect(outcome == expected)
                let stored = try await world.delivery.execute(
                    FindEvents([other, second].map { EventKey(shard: $0.shard, tenantID: $0.tenantID, id: $0.id) }))
                #expect(stored.map(\.id) == (expected == nil ? [other.id] : []))
            }
        }
    }

    /// 2025-03-10 00:00 UTC and moments around it: before, in the first minute, after it.
    @Test("A key holds over midnight", arguments: [(-30, 10), (-30, 90), (10, 20), (10, -10), (59, 61), (-1, 86_000)])
    func midnight(firstSecond: Int64, secondSecond: Int64) async throws {
        try await withWorld { world in
            let midnight = Instant(microseconds: 1_741_564_800_000_000)
            let version = try await world.version()
            let first = world.row(key: Self.fingerprint("k"))
            let second = world.row(key: Self.fingerprint("k"))
            let at = midnight + .seconds(firstSecond)
            #expect(
                try await store([first], [], keys: [key(first, "k", in: world)], version: version, in: world, at: at)
                    .isEmpty)
            let again = try await store(
                [second], [], keys: [key(second, "k", in: world)], version: version, in: world,
                at: midnight + .seconds(secondSecond))
            #expect(again.map(\.firstEventID) == [first.id])
            let events = [first, second].map { EventKey(shard: $0.shard, tenantID: $0.tenantID, id: $0.id) }
            #expect(try await world.delivery.execute(FindEvents(events)).map(\.id) == [first.id])
        }
    }

    @Test("An event comes with the newest data of its resource where that is wanted and another's")
    func newestDataBesideEvents() async throws {
        try await withWorld { world in
            let events = [
                world.row(data: "1"), world.row(resource: "r2", data: "2"), world.row(data: "3", related: "[]"),
                world.row(data: "4"), world.row(resource: nil, data: "5"),
            ]
            try await store(events, [], version: world.version(), in: world)
            let keys = events.map { EventKey(shard: $0.shard, tenantID: $0.tenantID, id: $0.id) }
            func find(_ wantsNewest: Bool, at now: Instant = .now) async throws -> [EventToSend] {
                try await world.delivery.execute(
                    FindEventsToSend(keys, wantsNewest: keys.map { _ in wantsNewest }, at: now))
            }
            let found = try await find(true)
            #expect(found.map(\.event.id) == events.map(\.id))
            #expect(found.map(\.newest?.eventID) == [events[3].id, nil, events[3].id, nil, nil])
            #expect(
                found.map { String(decoding: $0.event(with: .latest).data, as: UTF8.self) } == [
                    "4", "2", "4", "4", "5",
                ])
            #expect(
                found.map { String(decoding: $0.event(with: .snapshot).data, as: UTF8.self) } == [
                    "1", "2", "3", "4", "5",
                ])
            #expect(found[2].event(with: .latest).related == nil, "related is that of the newest data")
            #expect(found[0].dataEventID(with: .latest) == events[3].id && found[0].dataEventID(with: .snapshot) == nil)
            #expect(try await find(false).allSatisfy { $0.newest == nil })
        }
    }

    @Test("The newest data of a resource is found, never an older one's or another resource's")
    func newestData() async throws {
        try await withWorld { world in
            let events = [
                world.row(data: "1"), world.row(resource: "r2", data: "2"), world.row(data: "3", related: "[]"),
                world.row(resource: nil, data: "4"),
            ]
            try await store(events, [], version: world.version(), in: world)
            let keys = events.map { EventKey(shard: $0.shard, tenantID: $0.tenantID, id: $0.id) }
            let rows = try await world.delivery.execute(
                FindEventsToSend(keys, wantsNewest: keys.map { _ in true }, at: .now))
            let found = Dictionary(uniqueKeysWithValues: rows.map { ($0.event.id, $0) })
            #expect(found.count == 4)
            // Of the first the third's; the third itself, another resource's and one without have their own.
            #expect(found[events[0].id]?.dataEventID(with: .latest) == events[2].id)
            for event in events[1...] {
                let own = try #require(found[event.id])
                #expect(own.dataEventID(with: .latest) == nil)
            }
            let newest = try #require(found[events[0].id]).event(with: .latest)
            #expect(newest.data == Array("3".utf8) && newest.related == Array("[]".utf8))
            let resource = Fingerprint(resource: "order", id: "r1")
            let asked = [resource, Fingerprint(0)].map {
                FindNewestOfResources.Key(shard: world.shard, tenantID: world.tenant.id, resource: $0)
            }
            let alone = try await world.delivery.execute(FindNewestOfResources(asked))
            #expect(alone.map(\.eventID) == [events[2].id] && alone.first?.resource == resource)
            #expect(alone.first?.data == Array("3".utf8))
        }
    }

    @Test("A value that the server refuses is class 22, and nothing of its batch is stored")
    func refusedValue() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let event = world.row()
            let bad = EventRow(
                shard: world.shard, tenantID: world.tenant.id, id: Event.ID(), resourceKey: nil, type: "a\0b",
                resourceID: nil, occurredAt: nil, traceparent: nil, data: [0], related: nil, key: nil)
            let version = try await world.version()
            await #expect(throws: PostgresError.self) {
                try await store([event, bad], [world.delivery(of: event, to: webhook.id)], version: version, in: world)
            }
            #expect(try await world.pending(of: webhook.id).isEmpty)
        }
    }
}
