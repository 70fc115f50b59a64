import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@Suite struct HistoryTests {
    struct FindRequestSize: Statement {
        static let sql = "SELECT octet_length(request) FROM invocations"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int32 { try row.column(0) }
    }

    @Test("A webhook's history, filtered and page by page, with what survived retention")
    func invocations() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let row = try await world.owe(1, to: webhook.id)[0]
            let day: Int64 = 86_400_000
            func id(_ daysAgo: Int64) -> Invocation.ID {
                Invocation.ID(ULID(milliseconds: Instant.now.milliseconds - UInt64(daysAgo * day), random: 1))
            }
            let history = [
                Invocation.sample(of: row, id: id(40)), .sample(of: row, id: id(2), outcome: .failed, error: .dns),
                .sample(of: row, id: id(1), outcome: .discarded, eventType: "order-updated"),
                .sample(of: row, id: id(0)),
            ]
            _ = try await world.delivery.execute(InsertInvocations(history))
            try await world.database.run(
                """
                WITH old AS (DELETE FROM invocations WHERE id < ulid_floor(now() - interval '30 days') RETURNING *)
                INSERT INTO invocations_kept SELECT * FROM old;
                UPDATE horizons SET invocations_since = ulid_floor(now() - interval '30 days')
                """)
            func list(
                before: Invocation.ID? = nil, outcome: Outcome? = nil, type: String? = nil,
                created: ClosedRange<Instant> = .always, limit: Int = 9
            ) async throws -> [Invocation.ID] {
                try await world.asTenant(
                    ListInvocations(
                        InvocationSelection(
                            shard: world.shard, tenant: world.tenant.id, webhook: webhook.id, before: before,
                            outcome: outcome, eventType: type, created: created, limit: limit))
                ).map(\.id)
            }
            let ids = history.map(\.id)
            #expect(try await list() == ids.reversed())
            #expect(try await list(limit: 2) == [ids[3], ids[2]])
            #expect(try await list(before: ids[2]) == [ids[1], ids[0]])
            #expect(try await list(outcome: .succeeded) == [ids[3], ids[0]])
            #expect(try await list(type: "order-updated") == [ids[2]])
            let since = Instant(milliseconds: ids[1].ulid.milliseconds)
            #expect(try await list(created: since...since) == [ids[1]])
            for (outcome, expected) in [(nil, [ids[2], ids[1]]), (Outcome.failed, [ids[1]]), (.debounced, [])] {
                let rows = try await world.asTenant(
                    ListUnsuccessfulInvocations(
                        InvocationSelection(
                            shard: world.shard, tenant: world.tenant.id, webhook: webhook.id, outcome: outcome, limit: 9
                        )))
                #expect(rows.map(\.id) == expected)
            }
            let kept = FindInvocation(id: ids[0], shard: world.shard, tenant: world.tenant.id)
            #expect(try await world.asTenant(kept).map(\.id) == [ids[0]])
            let last = FindLastInvocations(
                of: [webhook.id, Webhook.ID()], shard: world.shard, tenant: world.tenant.id)
            #expect(try await world.asTenant(last).map(\.id) == [ids[3]])
            let event = EventKey(shard: world.shard, tenantID: world.tenant.id, id: row.eventID)
            let settled = try await world.asTenant(ListDeliveriesOfEvent(event, limit: 9))
            #expect(!settled.isEmpty && settled.allSatisfy { $0.webhookID == webhook.id })
            let ofThem = FindInvocationsOfDeliveries(settled.map(\.id), of: event)
            #expect(try await world.asTenant(ofThem).map(\.id) == Array(ids[1...]))
            #expect(try await world.asStranger(last).isEmpty)
            #expect(try await world.asStranger(ofThem).isEmpty)
        }
    }

    @Test("A request that was packed with its event's data is read with it, and is gone with it")
    func packedRequest() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let data = "{\"text\":\"\((0..<200).map { "å\($0)" }.joined())\"}"
            let event = world.row(data: data)
            let delivery = world.delivery(of: event, to: webhook.id)
            let request = RecordedRequest(
                method: "POST", url: webhook.configuration.url, headers: [HeaderField("webhook-id", "\(event.id)")],
                payload: Array("{\"data\":\(data)}".utf8), isTruncated: false)
            let sample = Invocation.sample(of: delivery)
            let invocation = Invocation(
                id: sample.id, shard: sample.shard, tenantID: sample.tenantID, webhookID: sample.webhookID,
                eventID: sample.eventID, deliveryID: sample.deliveryID, eventType: sample.eventType, attempt: 1,
                trigger: .event, startedAt: sample.startedAt, duration: sample.duration, outcome: .succeeded,
                isFinal: true, status: 204, request: request)
            _ = try await world.ingester.execute(InsertEvents([event]))
            let rows = [InvocationRow(invocation, eventData: Array(data.utf8))]
            _ = try await world.delivery.execute(InsertInvocations(rows))
            #expect(try await world.owner.execute(FindRequestSize()).first ?? .max < 200, "not the data once more")

            let selection = InvocationSelection(
                shard: world.shard, tenant: world.tenant.id, webhook: webhook.id, limit: 9)
            #expect(try await world.asTenant(ListInvocations(selection)).first?.request == request)
            try await world.database.run("DELETE FROM events")
            let found = try await world.asTenant(ListInvocations(selection))
            #expect(found.map(\.id) == [invocation.id])
            #expect(found.first?.request == nil)
        }
    }

    @Test("What was sent last comes with the data that was sent, other webhooks' and failures left out")
    func recentlySent() async throws {
        try await withWorld { world in
            let (webhook, other) = (try await world.makeWebhook(), try await world.makeWebhook())
            let events = [
                world.row(data: "{\"n\":1}"), world.row(resource: "r2", data: "{\"n\":2}"),
                world.row(resource: nil, data: "{\"n\":3}"), world.row(data: "{\"n\":4}"),
            ]
            _ = try await world.ingester.execute(InsertEvents(events))
            let start = Instant.now
            func row(_ event: EventRow, to webhook: Webhook.ID, _ outcome: Outcome, data: Event.ID? = nil)
                -> InvocationRow
            {
                let sample = Invocation.sample(of: world.delivery(of: event, to: webhook))
                return InvocationRow(
                    Invocation(
                        id: sample.id, shard: sample.shard, tenantID: sample.tenantID, webhookID: webhook,
                        eventID: event.id, deliveryID: sample.deliveryID, eventType: sample.eventType, attempt: 1,
                        trigger: .event, startedAt: sample.startedAt, duration: sample.duration, outcome: outcome,
                        isFinal: true), dataEventID: data)
            }
            let rows = [
                row(events[0], to: webhook.id, .succeeded, data: events[3].id),
                row(events[1], to: webhook.id, .succeeded), row(events[1], to: webhook.id, .failed),
                row(events[2], to: webhook.id, .succeeded), row(events[1], to: other.id, .succeeded),
            ]
            _ = try await world.delivery.execute(InsertInvocations(rows))
            func find(since: Instant, limit: Int = 9) async throws -> [FindRecentlySent.Row] {
                try await world.delivery.execute(
                    FindRecentlySent(
                        shard: world.shard, tenant: world.tenant.id, webhook: webhook.id, since: since, limit: limit))
            }
            let found = try await find(since: start + .seconds(-60))
            #expect(found.map(\.resourceID) == ["r2", "r1"] || found.map(\.resourceID) == ["r1", "r2"])
            #expect(Set(found.map { String(decoding: $0.data, as: UTF8.self) }) == ["{\"n\":2}", "{\"n\":4}"])
            #expect(try await find(since: start + .seconds(-60), limit: 1).count <= 1)
            #expect(try await find(since: start + .seconds(3600)).isEmpty)
        }
    }

    @Test("Events are listed newest first and found with their data")
    func events() async throws {
        try await withWorld { world in
            let rows = [
                world.row(data: "{\"n\":1}"), world.row(type: "order-updated", resource: "r2"),
                world.row(resource: nil),
            ]
            _ = try await world.ingester.execute(InsertEvents(rows))
            func list(
                before: Event.ID? = nil, type: String? = nil, resource: String? = nil,
                created: ClosedRange<Instant> = .always, limit: Int = 9
            ) async throws -> [Event.ID] {
                let selection = EventSelection(
                    shard: world.shard, tenant: world.tenant.id, before: before, type: type, resourceID: resource,
                    created: created, limit: limit)
                let all = try await world.asTenant(ListEvents(selection)).map(\.id)
                // Those with an index of their own say the same.
                if type != nil { #expect(try await world.asTenant(ListTypedEvents(selection)).map(\.id) == all) }
                if resource != nil {
                    #expect(try await world.asTenant(ListEventsOfResource(selection)).map(\.id) == all)
                }
                return all
            }
            let ids = rows.map(\.id)
            #expect(try await list() == ids.reversed())
            #expect(try await list(before: ids[2], limit: 1) == [ids[1]])
            #expect(try await list(type: "order-updated") == [ids[1]])
            #expect(try await list(resource: "r1") == [ids[0]])
            #expect(try await list(created: .now + .seconds(60) ... .distantFuture) == [])
            let key = EventKey(shard: world.shard, tenantID: world.tenant.id, id: ids[0])
            #expect(try await world.asTenant(FindEvent(key)).first?.data == Array("{\"n\":1}".utf8))
            #expect(try await world.asStranger(FindEvent(key)).isEmpty)
        }
    }

    @Test("Pending deliveries are listed by state, and found by their event")
    func deliveries() async throws {
        try await withWorld { world in
            let active = try await world.makeWebhook()
            let inactive = try await world.makeWebhook { $0.isEnabled = false }
            let rows = try await world.owe(2, to: active.id)
            let held = try await world.owe(1, to: inactive.id)
            let lane = try await world.pending(of: active.id)
            let made = Instant(milliseconds: held[0].id.ulid.milliseconds + 1)
            _ = try await world.delivery.execute(
                RescheduleDeliveries([.init(lane[0], againAt: .now + .seconds(60), attempts: 1)]))
            func list(
                before: Delivery.ID? = nil, webhook: Webhook.ID? = nil, state: PendingDelivery.State? = nil,
                updated: ClosedRange<Instant> = .always, limit: Int = 9
            ) async throws -> [PendingDelivery] {
                try await world.asTenant(
                    ListDeliveries(
                        shard: world.shard, tenant: world.tenant.id, before: before, webhook: webhook, state: state,
                        updated: updated, limit: limit))
            }
            let all = try await list()
            #expect(all.map(\.delivery.id) == [held[0].id, rows[1].id, rows[0].id])
            #expect(all.map(\.state) == [.held, .due, .scheduled])
            #expect(all.allSatisfy { $0.eventType == "order-created" })
            #expect(try await list(before: held[0].id, limit: 1).map(\.delivery.id) == [rows[1].id])
            #expect(try await list(webhook: inactive.id).map(\.delivery.id) == [held[0].id])
            #expect(try await list(state: .scheduled).map(\.delivery.id) == [rows[0].id])
            let key = EventKey(shard: world.shard, tenantID: world.tenant.id, id: rows[0].eventID)
            let ofEvent = try await world.asTenant(ListDeliveriesOfEvent(key, limit: 9))
            #expect(ofEvent.map(\.id) == [rows[0].id] && ofEvent.first?.pending == .scheduled)
            #expect(try await world.asStranger(ListDeliveriesOfEvent(key, limit: 9)).isEmpty)
            // Changed: what was tried since.
            #expect(try await list().map { $0.updatedAt > made } == [false, false, true])
            #expect(try await list(updated: made ... .distantFuture).map(\.delivery.id) == [rows[0].id])
            let cancel = CancelDelivery(id: rows[1].id, shard: world.shard, tenant: world.tenant.id)
            #expect(try await world.asStranger(cancel).isEmpty)
            #expect(try await world.asTenant(cancel) == [rows[1].id])
            #expect(try await list().count == 2)
        }
    }
}
