import Postgres
import Store
import Testing
import Webhooks

@Suite struct FlushTests {
    @Test("A flush settles, retries and records, all or nothing")
    func flush() async throws {
        try await withWorld { world in
            let (plain, ordered) = (
                try await world.makeWebhook(), try await world.makeWebhook { $0.ordering = .webhook }
            )
            let plainRows = try await world.owe(3, to: plain.id)
            let orderedRows = try await world.owe(2, to: ordered.id, orderKey: 0)
            let worker = try await world.makeOwner()
            let plainLane = try await world.pending(of: plain.id)
            let head = try #require(try await world.pending(of: ordered.id).first)
            let again = Instant(microseconds: head.dueAt.microseconds + 5_000_000)
            let invocations = [
                Invocation.sample(of: plainRows[0]),
                Invocation.sample(of: plainRows[1], outcome: .failed, error: .http5xx, status: 500),
                Invocation.sample(of: orderedRows[0], outcome: .failed, error: .dns, status: nil),
            ]
            _ = try await world.delivery.transact(
                SettleDeliveries([plainLane[0]]),
                RescheduleDeliveries([
                    .init(plainLane[1], againAt: again, attempts: 1), .init(head, againAt: again, attempts: 1),
                ]),
                InsertInvocations(invocations), RequireShards([world.shard], ownedBy: worker))
            let left = try await world.pending(of: plain.id)
            #expect(left.map(\.id) == [plainLane[2].id, plainLane[1].id])
            #expect(left.last?.dueAt == again && left.last?.attempts == 1 && left.last?.notBefore == nil)
            let lane = try await world.pending(of: ordered.id)
            #expect(lane.map(\.id) == orderedRows.map(\.id))
            #expect(lane.first?.dueAt == head.dueAt && lane.first?.notBefore == again && lane.first?.attempts == 1)
            let exists = InvocationExists(shard: world.shard, webhook: plain.id, invocation: invocations[1].id)
            #expect(try await world.delivery.execute(exists) == [true])
            let unknown = InvocationExists(shard: world.shard, webhook: plain.id, invocation: Invocation.ID())
            #expect(try await world.delivery.execute(unknown) == [false])
        }
    }

    @Test("Who has lost a shard writes nothing")
    func fence() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let rows = try await world.owe(1, to: webhook.id)
            let lane = try await world.pending(of: webhook.id)
            let worker = try await world.makeOwner()
            let other = Shard.all[9]
            let leases = try await world.delivery.execute(FindLeases()).filter { $0.shard == other }
            _ = try await world.delivery.execute(
                GiveShards([other], epochs: leases.map(\.epoch), ownedBy: worker))
            for (shards, owner) in [([world.shard, other], worker), ([world.shard], Worker.ID())] {
                let lost = try await state {
                    _ = try await world.delivery.transact(
                        SettleDeliveries(lane), InsertInvocations([.sample(of: rows[0])]),
                        RequireShards(shards, ownedBy: owner))
                }
                #expect(lost == .shardLost)
            }
            #expect(try await world.pending(of: webhook.id) == lane)
            #expect(
                try await world.asTenant(
                    ListInvocations(
                        InvocationSelection(shard: world.shard, tenant: world.tenant.id, webhook: webhook.id, limit: 9))
                ).isEmpty)
        }
    }

    @Test("A row that was cancelled meanwhile stays gone")
    func cancelled() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let rows = try await world.owe(1, to: webhook.id)
            let lane = try await world.pending(of: webhook.id)
            let cancel = CancelDelivery(id: rows[0].id, shard: world.shard, tenant: world.tenant.id)
            #expect(try await world.asTenant(cancel) == [rows[0].id])
            #expect(try await world.asTenant(cancel).isEmpty)
            _ = try await world.delivery.execute(
                RescheduleDeliveries([.init(lane[0], againAt: .now + .seconds(9), attempts: 1)]))
            _ = try await world.delivery.execute(SettleDeliveries(lane))
            #expect(try await world.pending(of: webhook.id).isEmpty)
        }
    }

    @Test("All that an invocation holds comes back")
    func roundTrip() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let row = try await world.owe(1, to: webhook.id)[0]
            let whole = Invocation(
                id: Invocation.ID(), shard: world.shard, tenantID: world.tenant.id, webhookID: webhook.id,
                eventID: row.eventID, deliveryID: row.id, eventType: "order-created", attempt: 3, trigger: .replay,
                startedAt: Instant(microseconds: 1_700_000_000_123_456), duration: .milliseconds(1234),
                outcome: .failed,
                errorClass: .http410, errorDetail: "Gone", isFinal: true, nextAttemptAt: .distantFuture, status: 410,
                request: RecordedRequest(
                    method: "POST", url: "https://example.com/wh",
                    headers: [HeaderField("content-type", "application/json")],
                    payload: Array(String(repeating: "Bård ", count: 900).utf8), isTruncated: false),
                response: RecordedResponse(
                    headers: [HeaderField("a", "b")], body: [0, 255, 254, 39], isTruncated: true),
                timings: .init(dns: 1, connect: 2, tls: 3, firstByte: nil), remoteAddress: "[::1]:9000")
            let test = Invocation(
                id: Invocation.ID(), shard: world.shard, tenantID: world.tenant.id, webhookID: webhook.id, eventID: nil,
                deliveryID: nil, eventType: "order-created", attempt: 1, trigger: .test, startedAt: .now,
                duration: .zero, outcome: .discarded, isFinal: true)
            _ = try await world.delivery.execute(InsertInvocations([whole, test]))
            let find = { (id: Invocation.ID) in FindInvocation(id: id, shard: world.shard, tenant: world.tenant.id) }
            #expect(try await world.asTenant(find(whole.id)) == [whole])
            let found = try #require(try await world.asTenant(find(test.id)).first)
            #expect(found.eventID == nil && found.deliveryID == nil && found.timings == nil && found.request == nil)
            #expect(try await world.asStranger(find(whole.id)).isEmpty)
        }
    }

    @Test("What a stranger sent cannot fail a flush")
    func hostileText() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let row = try await world.owe(1, to: webhook.id)[0]
            let hostile = Invocation(
                id: Invocation.ID(), shard: world.shard, tenantID: world.tenant.id, webhookID: webhook.id,
                eventID: row.eventID, deliveryID: row.id, eventType: "a\0b", attempt: 1, trigger: .event,
                startedAt: .now, duration: .seconds(1 << 40), outcome: .failed, errorClass: .other,
                errorDetail: "\0" + String(repeating: "å", count: 400), isFinal: false,
                response: RecordedResponse(
                    headers: [HeaderField(name: "\0\u{FFFD}", value: [0, 0xC3, 0x28])], body: [UInt8](0...255),
                    isTruncated: false))
            _ = try await world.delivery.execute(InsertInvocations([hostile]))
            let found = try await world.asTenant(
                FindInvocation(id: hostile.id, shard: world.shard, tenant: world.tenant.id))
            #expect(found.first?.response == hostile.response)
            #expect(found.first?.errorDetail?.utf8.count ?? 999 <= 500)
        }
    }
}
