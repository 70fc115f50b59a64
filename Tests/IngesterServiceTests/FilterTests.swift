import JSON
import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import IngesterService

@Suite struct FilterTests {
    private static let large = #"{"data":{"total":[{"numeric":[">",100]}]}}"#

    private func order(_ total: String) -> String {
        #"{"type":"order-created","data":{"id":"o1","total":\#(total)}}"#
    }

    @Test("A webhook with a filter gets the events that match, and the answer counts no others")
    func filtered() async throws {
        try await withIngester { ingester, fixture, _ in
            let all = try await fixture.subscribe("order-created")
            let large = try await fixture.subscribe("order-created", filter: Self.large, dialect: .shopery)
            #expect(try await ingester.post(order("100")).deliveries == 1)
            #expect(try await ingester.post(order("1.001e2")).deliveries == 2)
            let list = try await ingester.post("[\(order("101")),\(order("99")),\(order("\"101\""))]")
            #expect(list.events.map { $0.member("deliveries")?.integer } == [2, 1, 1])
            #expect(try await fixture.owner.execute(OwedWebhooks()).count { $0.webhook == all } == 5)
            #expect(try await fixture.owner.execute(OwedWebhooks()).count { $0.webhook == large } == 2)
        }
    }

    @Test(
        "All of the envelope can be asked for",
        arguments: [
            (#"{"type":["order-created"],"resource":["order"],"event":["created"],"resourceId":["o1"]}"#, true),
            (#"{"tenantId":["acme"],"id":[{"prefix":"evt_"}],"webhookId":[{"prefix":"wbh_"}]}"#, true),
            (#"{"timestamp":[{"prefix":"2025-10-07T11:48:45.000Z"}]}"#, true),
            (#"{"related":{"customer":{"vip":[true]}}}"#, true),
            (#"{"related":{"customer":{"vip":[false]}}}"#, false),
            (#"{"resourceId":[null]}"#, false), (#"{"webhookId":["wbh_1"]}"#, false),
            (#"{"data":{"lines":{"sku":["A"],"count":[2]}}}"#, false),
            (#"{"data":{"lines":{"sku":["B"],"count":[2]}}}"#, true),
            ("no pattern", false),
        ])
    func envelope(_ filter: String, _ isTaken: Bool) async throws {
        try await withIngester { ingester, fixture, _ in
            try await fixture.subscribe("*", filter: filter)
            let answer = try await ingester.post(
                #"{"type":"orders-created","occurredAt":"2025-10-07T13:48:45+02:00","data":{"id":"o1","lines":"#
                    + #"[{"sku":"A","count":1},{"sku":"B","count":2}]},"related":{"customer":{"vip":true}}}"#)
            #expect(answer.deliveries == (isTaken ? 1 : 0))
        }
    }

    @Test("A filter that changes counts for the next event, even where the batch was decided by the old one")
    func changed() async throws {
        let id = Webhook.ID()
        let old = Samples.subscriptions(version: 1, Samples.subscription("*", filter: Self.large, id: id))
        let new = old.with(
            [SubscriptionChange(webhookID: id, subscription: Samples.subscription("*", id: id))], version: 2)
        let request = Samples.request(
            Samples.event(data: #"{"total":1}"#), Samples.event(data: #"{"total":101}"#), subscriptions: old)
        #expect(request.weight.deliveries == 1)
        #expect(BatchContents([request], known: { _ in old }).deliveries.map(\.eventID) == [request.events[1].id])
        #expect(BatchContents([request], known: { _ in new }).deliveries.count == 2)
    }

    @Test("Of many webhooks those with a filter that matches are left, by id")
    func many() {
        let hooks = (0..<130).map { number in
            Samples.subscription("*", filter: #"{"data":{"n":[{"anything-but":\#(number)}]}}"#)
        }
        let subscriptions = TenantSubscriptions(version: 0).with(
            hooks.map { SubscriptionChange(webhookID: $0.webhookID, subscription: $0) }, version: 1)
        let matches = subscriptions.matches(Samples.event(data: #"{"n":70}"#))
        #expect(matches == hooks.sorted { $0.webhookID < $1.webhookID }.filter { $0 != hooks[70] })
        #expect(subscriptions.weight >= 260, "a filter weighs more than a webhook without one")
    }
}
