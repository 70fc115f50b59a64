import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@Suite("What disables a webhook, and who is told")
struct DisablingTests {
    @Test("Those are told who name the event, and never the webhook that it is about")
    func subscribers() async throws {
        try await withWorld { world in
            let subject = try await world.makeWebhook(events: ["webhook-disabled"])
            _ = try await world.makeWebhook(events: ["*"])
            _ = try await world.makeWebhook(events: ["webhook-failing", "order-created"])
            let named = try await world.makeWebhook(events: ["order-*", "webhook-disabled"]) { $0.isEnabled = false }
            let ordered = try await world.makeWebhook(events: ["webhook-disabled"]) { $0.ordering = .resource }
            let gone = try await world.makeWebhook(events: ["webhook-disabled"])
            _ = try await world.asTenant(DeleteWebhook(id: gone.id, tenant: world.tenant.id))
            let find = FindOperationalSubscribers(of: "webhook-disabled", about: subject.id, tenant: world.tenant.id)
            let rows = try await world.delivery.execute(find)
            #expect(rows.compactMap(\.subscription?.webhookID) == [named.id, ordered.id])
            #expect(rows.compactMap(\.subscription?.ordering) == [.none, .resource])
            let version = try await world.version()
            #expect(rows.allSatisfy { $0.tenantVersion == version })
            let none = try await world.delivery.execute(
                FindOperationalSubscribers(of: "webhook-recovered", about: subject.id, tenant: world.tenant.id))
            #expect(none.count == 1 && none.first?.subscription == nil && none.first?.tenantVersion == version)
            #expect(
                try await world.delivery.execute(
                    FindOperationalSubscribers(of: "webhook-disabled", about: subject.id, tenant: Tenant.ID())
                ).isEmpty)
        }
    }

    @Test("The event is stored as others are, but is never the newest data of a resource")
    func event() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let event = OperationalEvent.webhookDisabled(webhook, reason: "It \"said\" so.", at: .now)
            _ = try await world.delivery.execute(
                InsertOperationalEvent(event, shard: world.shard, tenant: world.tenant.id))
            let key = EventKey(shard: world.shard, tenantID: world.tenant.id, id: event.id)
            let stored = try #require(try await world.asTenant(FindEvent(key)).first)
            #expect(stored.type == "webhook-disabled" && stored.resourceID == webhook.id.description)
            #expect(stored.occurredAt == event.occurredAt && stored.data == event.data && stored.related == nil)
            let data = try JSONDocument(parsing: stored.data).root
            #expect(data.member("id")?.string == webhook.id.description)
            #expect(data.member("name")?.string == "test")
            #expect(data.member("url")?.string == "https://example.com/wh")
            #expect(data.member("status")?.string == "disabled")
            #expect(data.member("reason")?.string == "It \"said\" so.")
            #expect(data.member("disabledAt")?.string == event.occurredAt.rfc3339)
            let newest = try await world.delivery.execute(
                FindNewestOfResources([
                    .init(
                        shard: key.shard, tenantID: key.tenantID,
                        resource: Fingerprint(resource: "webhook", id: webhook.id.description))
                ]))
            #expect(newest.isEmpty)
        }
    }

    /// What a lane looked like before it was judged.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var days: Int?
        var failingFor = 6
        var changedBefore = 10
        var events = 10
        var succeeded = false
        var isEnabled = true
        var isFailing: Bool
    }

    static let cases: [Case] = [
        Case(testDescription: "six days, ten events", isFailing: true),
        Case(testDescription: "nine events", events: 9, isFailing: false),
        Case(testDescription: "four days", failingFor: 4, isFailing: false),
        Case(testDescription: "changed three days ago", changedBefore: 3, isFailing: false),
        Case(testDescription: "one success", succeeded: true, isFailing: false),
        Case(testDescription: "off already", isEnabled: false, isFailing: false),
        Case(testDescription: "the tenant says never", days: 0, isFailing: false),
        Case(testDescription: "the tenant says three", days: 3, failingFor: 4, isFailing: true),
        Case(testDescription: "the tenant says seven", days: 7, isFailing: false),
    ]

    @Test("A webhook is failing after days of nothing but failures over ten events", arguments: cases)
    func failing(_ each: Case) async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook { $0.isEnabled = each.isEnabled }
            let since = Instant.now + .seconds(-86_400 * each.failingFor)
            let attempts = (0..<each.events * 3).map { number in
                let event = Event.ID(ULID(milliseconds: since.milliseconds, random: UInt128(number / 3)))
                let row = world.delivery(of: world.row(event), to: webhook.id)
                let id = Invocation.ID(ULID(milliseconds: since.milliseconds + UInt64(number), random: 0))
                return Invocation.sample(of: row, id: id, outcome: .failed, error: .timeout, status: nil)
            }
            var stats = DeliveryStatsRow(
                shard: world.shard, webhookID: webhook.id, tenantID: world.tenant.id,
                minute: (since + .seconds(3600)).startOfMinute)
            if each.succeeded {
                stats.count(Invocation.sample(of: world.delivery(of: world.row(), to: webhook.id)))
            } else {
                stats.count(attempts[0])
            }
            _ = try await world.delivery.transact(
                InsertInvocations(attempts), AddDeliveryStats([stats]),
                SaveLaneStates([
                    LaneState(shard: world.shard, webhookID: webhook.id, consecutiveFailures: 30, failingSince: since)
                ]))
            try await world.database.run(
                "UPDATE webhooks SET updated_at = now() - interval '\(each.changedBefore) days'")
            if let days = each.days {
                try await world.database.run(
                    "UPDATE tenants SET settings = jsonb_build_object('autoDisableAfterDays', \(days))")
            }
            let found = try await world.delivery.execute(FindFailingWebhooks(shards: Shard.all))
            #expect(found.map(\.webhook.id) == (each.isFailing ? [webhook.id] : []))
            #expect(found.allSatisfy { $0.failingSince == since })
            #expect(
                try await world.delivery.execute(FindFailingWebhooks(shards: [Shard.all[63]])).isEmpty)
        }
    }
}
