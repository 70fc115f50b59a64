import Store
import Testing
import Webhooks

@testable import IngesterService

@Suite struct BatchContentsTests {
    private func contents(_ requests: IntakeRequest...) -> BatchContents {
        BatchContents(requests, known: { _ in nil })
    }

    @Test func rowsStandInTheOrderOfTheirKeys() {
        let hooks = Samples.subscriptions(
            Samples.subscription("*"), Samples.subscription("*"), Samples.subscription("*"))
        let low = Tenant.ID()
        let contents = contents(
            Samples.request(Samples.event(key: "b"), Samples.event(key: "a"), subscriptions: hooks),
            Samples.request(Samples.event(key: "c"), tenant: low, shard: Shard.all[1], subscriptions: hooks))
        #expect(contents.events.count == 3 && contents.keys.count == 3 && contents.deliveries.count == 9)
        #expect(contents.events.first?.tenantID == low)
        #expect(contents.keys.map { [$0.shard.number] }.first == [1])
        #expect(contents.keys[1].key < contents.keys[2].key)
        let places = contents.deliveries.map { ($0.shard, $0.webhookID, $0.eventID) }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
        #expect(zip(contents.deliveries, contents.deliveries.dropFirst()).allSatisfy { $0.id < $1.id })
        #expect(contents.keys.allSatisfy { $0.deliveries == 3 })
    }

    @Test func onlyRequestsWithSeveralEventsAreGuarded() {
        let contents = contents(
            Samples.request(Samples.event(key: "a")), Samples.request(Samples.event(key: "b"), Samples.event()))
        #expect(contents.keys.count == 2)
        #expect(contents.guardedKeys.map(\.key) == [Fingerprint(of: [Array("b".utf8)])])
    }

    @Test func theNewestVersionDecidesAllMatchesOfATenant() {
        let old = Samples.subscriptions(version: 1, Samples.subscription("*"))
        let new = Samples.subscriptions(version: 2, Samples.subscription("*"), Samples.subscription("*"))
        for requests in [
            [
                Samples.request(Samples.event(), subscriptions: old),
                Samples.request(Samples.event(), subscriptions: new),
            ],
            [
                Samples.request(Samples.event(), subscriptions: new),
                Samples.request(Samples.event(), subscriptions: old),
            ],
        ] {
            let contents = BatchContents(requests, known: { _ in nil })
            #expect(contents.subscriptions[Samples.tenant]?.version == 2)
            #expect(contents.deliveries.count == 4)
        }
        let known = BatchContents([Samples.request(Samples.event(), subscriptions: old)], known: { _ in new })
        #expect(known.deliveries.count == 2)
    }

    @Test func partialEventsAreNeverTheNewestData() {
        let contents = contents(
            Samples.request(Samples.event(resourceID: "1"), Samples.event(resourceID: "1", isPartial: true)))
        #expect(contents.events[0].resourceKey == Fingerprint(resource: "order", id: "1"))
        #expect(contents.events[1].resourceKey == nil)
    }

    @Test func answersTellRepetitionsAndConflicts() {
        let hooks = Samples.subscriptions(Samples.subscription("*"))
        let new = Samples.event()
        let repeated = Samples.event(key: "a")
        let contested = Samples.event(key: "b")
        let twice = Samples.event(key: "c")
        let contents = contents(
            Samples.request(new, subscriptions: hooks), Samples.request(repeated, subscriptions: hooks),
            Samples.request(contested, subscriptions: hooks),
            Samples.request(twice, Samples.event(key: "c", repeats: 0), subscriptions: hooks))
        #expect(contents.events.count == 4)
        let (first, other) = (Event.ID(), Event.ID())
        let answers = contents.answers([
            repeated.id: .init(
                eventID: repeated.id, firstEventID: first, body: Fingerprint(of: [Array("{}".utf8)]), deliveries: 9),
            contested.id: .init(eventID: contested.id, firstEventID: other, body: Fingerprint(0), deliveries: 1),
        ])
        #expect(
            answers == [
                .accepted([AcceptedEvent(id: new.id, isDuplicate: false, deliveries: 1)]),
                .accepted([AcceptedEvent(id: first, isDuplicate: true, deliveries: 9)]),
                .conflict([0]),
                .accepted([
                    AcceptedEvent(id: twice.id, isDuplicate: false, deliveries: 1),
                    AcceptedEvent(id: twice.id, isDuplicate: true, deliveries: 1),
                ]),
            ])
    }

    @Test func theAnswerIsWrittenAsTheContractSays() {
        let id = Event.ID()
        let one = AcceptedEvent(id: id, isDuplicate: false, deliveries: 2)
        let two = AcceptedEvent(id: id, isDuplicate: true, deliveries: 0)
        func text(_ events: [AcceptedEvent], isSingle: Bool) -> String {
            String(decoding: AcceptedAnswer.body(of: events, isSingle: isSingle), as: UTF8.self)
        }
        let first = #"{"id":"\#(id)","duplicate":false,"deliveries":2}"#
        let second = #"{"id":"\#(id)","duplicate":true,"deliveries":0}"#
        #expect(text([one], isSingle: true) == first)
        #expect(text([one], isSingle: false) == #"{"events":[\#(first)]}"#)
        #expect(text([one, two], isSingle: false) == #"{"events":[\#(first),\#(second)]}"#)
    }
}
