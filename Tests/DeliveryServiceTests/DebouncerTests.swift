import Testing
import Webhooks

@testable import DeliveryService

@Suite struct DebouncerTests {
    private let start = Instant(milliseconds: 1_760_000_000_000)
    private let webhook = Webhook.ID()
    private let shard = Shard.all[5]
    private let minute = Duration.seconds(60)

    private func subject(_ data: String, of resource: String = "o1", to other: Webhook.ID? = nil) -> DebounceSubject {
        DebounceSubject(
            Array(data.utf8), ofType: "order-created", resourceID: resource, to: other ?? webhook)!
    }

    private func delivery() -> Delivery {
        Delivery(
            id: Delivery.ID(), shard: shard, tenantID: Tenant.ID(), webhookID: webhook, eventID: Event.ID(),
            dueAt: start)
    }

    private func knowing(_ sent: (DebounceSubject, Instant)..., limit: Int = 100) -> Debouncer<Delivery> {
        var debouncer = Debouncer<Delivery>(limit: limit)
        debouncer.learn(webhook, in: shard, window: minute, sent.map { (subject: $0.0, at: $0.1) })
        return debouncer
    }

    @Test("The same data is dropped for as long as the window, equal as JSON")
    func window() {
        var debouncer = knowing((subject(#"{"a":1,"b":2}"#), start))
        func admit(_ data: String, after seconds: Int, window: Duration) -> Debouncer<Delivery>.Verdict {
            debouncer.admit(subject(data), delivery(), in: shard, window: window, at: start + .seconds(seconds))
        }
        #expect(admit(#"{"b":2.0,"a":1}"#, after: 60, window: minute) == .drop)
        #expect(admit(#"{"b":2.0,"a":1}"#, after: 60, window: .seconds(59)) == .send)
        #expect(admit(#"{"b":3,"a":1}"#, after: 1, window: minute) == .send)
    }

    @Test("What was sent last counts: after A and B, A is sent again")
    func last() {
        var debouncer = knowing()
        for data in ["{\"v\":1}", "{\"v\":2}", "{\"v\":1}"] {
            let subject = subject(data)
            #expect(debouncer.admit(subject, delivery(), in: shard, window: minute, at: start) == .send)
            #expect(debouncer.ended(subject, hasSucceeded: true, at: start).isEmpty)
            #expect(debouncer.admit(subject, delivery(), in: shard, window: minute, at: start) == .drop)
        }
    }

    @Test("Those that wait are given back when the request ends, and a failed one was not sent")
    func waiting() {
        var debouncer = knowing()
        let (subject, waiting) = (subject("{}"), [delivery(), delivery()])
        #expect(debouncer.admit(subject, delivery(), in: shard, window: minute, at: start) == .send)
        for delivery in waiting {
            #expect(debouncer.admit(subject, delivery, in: shard, window: minute, at: start) == .wait)
        }
        #expect(debouncer.ended(subject, hasSucceeded: false, at: start).map(\.id) == waiting.map(\.id))
        #expect(debouncer.admit(subject, waiting[0], in: shard, window: minute, at: start) == .send)
        #expect(debouncer.ended(subject, hasSucceeded: true, at: start).isEmpty)
        #expect(debouncer.admit(subject, waiting[1], in: shard, window: minute, at: start) == .drop)
    }

    @Test("What is too old goes, what is under way stays, and of a lost shard all goes")
    func forgetting() {
        var debouncer = knowing((subject("{}"), start), (subject("{}", of: "o2"), start + .seconds(50)))
        #expect(debouncer.count == 3)
        debouncer.purge(at: start + .seconds(70))
        #expect(debouncer.count == 2 && debouncer.knows(webhook))
        #expect(
            debouncer.admit(subject("{}"), delivery(), in: shard, window: minute, at: start + .seconds(70)) == .send)
        debouncer.purge(at: start + .seconds(500))
        #expect(debouncer.knows(webhook), "its request is not in the history yet")
        _ = debouncer.ended(subject("{}"), hasSucceeded: false, at: start + .seconds(500))
        debouncer.purge(at: start + .seconds(500))
        #expect(!debouncer.knows(webhook) && debouncer.count == 0)
        var lost = knowing((subject("{}"), start))
        #expect(lost.admit(subject("{}", of: "o9"), delivery(), in: shard, window: minute, at: start) == .send)
        lost.drop(shard)
        #expect(!lost.knows(webhook) && lost.count == 0)
        #expect(lost.ended(subject("{}", of: "o9"), hasSucceeded: true, at: start).isEmpty && lost.count == 0)
    }

    @Test("Memory is bounded: webhooks that were used longest ago are read from the history again")
    func bound() {
        var debouncer = Debouncer<Delivery>(limit: 80)
        let webhooks = (0..<30).map { _ in Webhook.ID() }
        for (number, webhook) in webhooks.enumerated() {
            let sent = (0..<3).map { (subject: subject("{}", of: "o\($0)", to: webhook), at: start) }
            debouncer.learn(webhook, in: shard, window: minute, sent)
            #expect(debouncer.count <= 80 && debouncer.knows(webhook), "\(number)")
        }
        #expect(!debouncer.knows(webhooks[0]))
    }

    @Test("An event without a resource id is like no other")
    func nothing() {
        #expect(DebounceSubject(Array("{}".utf8), ofType: "order-created", resourceID: nil, to: webhook) == nil)
        #expect(subject("{}") != subject("{}", of: "o2") && subject("{}") != subject("{}", to: Webhook.ID()))
    }
}
