import Foundation
import HTTPTypes
import JSON
import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import IngesterService

@Suite struct EventKeyTests {
    private func order(_ id: String?, _ data: String = #"{"id":"o"}"#, type: String = "order-created") -> String {
        let key = id.map { #""id":"\#($0)","# } ?? ""
        return #"{\#(key)"type":"\#(type)","data":\#(data)}"#
    }

    @Test func aRepetitionIsAnsweredAsTheFirst() async throws {
        try await withIngester { ingester, fixture, _ in
            try await fixture.subscribe("*")
            let first = try await ingester.post(order("k"))
            try await fixture.subscribe("*")
            let second = try await ingester.post(order("k", #"{ "id": "o" }"#))
            #expect(first.isDuplicate == false && first.deliveries == 1)
            #expect(second.status == 202 && second.isDuplicate == true && second.deliveries == 1)
            #expect(second.id == first.id)
            #expect(try await fixture.count(.events) == 1)
            #expect(try await fixture.count(.deliveries) == 1)
            let byHeader = try await ingester.post(order(nil), headers: [("Idempotency-Key", "k")])
            #expect(byHeader.id == first.id && byHeader.isDuplicate == true)
            let metrics = try await ingester.scrape()
            #expect(metrics.contains("martlet_events_accepted_total 1\n"))
            #expect(metrics.contains("martlet_events_repeated_total 2\n"))
        }
    }

    @Test func otherContentIsAConflict() async throws {
        try await withIngester { ingester, fixture, _ in
            #expect(try await ingester.post(order("k")).status == 202)
            for body in [order("k", #"{"id":"p"}"#), order("k", type: "order-updated")] {
                let answer = try await ingester.post(body)
                #expect(answer.status == 409 && answer.code == "id_conflict")
            }
            #expect(try await fixture.count(.events) == 1)
        }
    }

    @Test func keysBelongToTheirTenant() async throws {
        try await withIngester { ingester, fixture, database in
            let other = try await Fixture.make(in: database, identifier: "other")
            let one = try await ingester.post(order("k"))
            let two = try await ingester.post(order("k", #"{"id":"p"}"#), to: "other")
            #expect(one.status == 202 && two.status == 202 && two.isDuplicate == false)
            #expect(try await fixture.count(.events) == 2)
            await other.owner.close()
        }
    }

    @Test func ofAListNothingIsTakenWhereOneConflicts() async throws {
        try await withIngester { ingester, fixture, _ in
            let first = try await ingester.post(order("k"))
            let repeated = try await ingester.post("[\(order("a")),\(order("k")),\(order(nil))]")
            #expect(repeated.status == 202)
            #expect(repeated.events.map { $0.member("duplicate")?.bool } == [false, true, false])
            #expect(repeated.ids.dropFirst().first == first.id)
            #expect(try await fixture.count(.events) == 3)
            let list = "[\(order("b")),\(order("k", #"{"id":"p"}"#)),\(order(nil))]"
            let conflict = try await ingester.post(list)
            #expect(conflict.status == 409 && conflict.fields == ["[1].id"])
            #expect(try await fixture.count(.events) == 3)
            #expect(try await ingester.post(order("b", #"{"id":"free"}"#)).isDuplicate == false)
        }
    }

    @Test func repetitionsInOneList() async throws {
        try await withIngester { ingester, fixture, _ in
            try await fixture.subscribe("*")
            let answer = try await ingester.post("[\(order("k")),\(order("j")),\(order("k"))]")
            #expect(answer.status == 202 && answer.events.map { $0.member("duplicate")?.bool } == [false, false, true])
            #expect(answer.ids.first == answer.ids.last && Set(answer.ids).count == 2)
            #expect(answer.events.last?.member("deliveries")?.integer == 1)
            #expect(try await fixture.count(.events) == 2)
            let conflict = try await ingester.post("[\(order("x")),\(order("x", "{}"))]")
            #expect(conflict.status == 409 && conflict.fields == ["[1].id"])
            #expect(try await fixture.count(.events) == 2)
        }
    }

    @Test func aCrowdWithOneKeyStoresOneEvent() async throws {
        try await withIngester(settings: ["MARTLET_INGEST_COMMITTERS": "2"]) { ingester, fixture, _ in
            try await fixture.subscribe("*")
            let answers = try await withThrowingTaskGroup(of: RunningIngester.Answer.self) { group in
                for number in 0..<100 {
                    let body = number % 3 == 0 ? "[\(order("k")),\(order("n\(number)"))]" : order("k")
                    group.addTask { try await ingester.post(body) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 202 })
            let ids = answers.compactMap { $0.id ?? $0.ids.first }
            #expect(ids.count == 100 && Set(ids).count == 1)
            let fresh = answers.filter { ($0.isDuplicate ?? $0.events.first?.member("duplicate")?.bool) == false }
            #expect(fresh.count == 1)
            #expect(try await fixture.count(.events) == 1 + 34)
            #expect(try await fixture.count(.deliveries) == 1 + 34)
        }
    }

    @Test func aCrowdThatContradictsItselfStoresOneContent() async throws {
        try await withIngester(settings: ["MARTLET_INGEST_COMMITTERS": "2"]) { ingester, fixture, _ in
            let answers = try await withThrowingTaskGroup(of: (Int, RunningIngester.Answer).self) { group in
                for number in 0..<60 {
                    let data = #"{"id":"\#(number % 2)"}"#
                    let body = number < 30 ? "[\(order("k", data)),\(order("n\(number)"))]" : order("k", data)
                    group.addTask { (number, try await ingester.post(body)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = answers.filter { $0.1.status == 202 }
            #expect(Set(accepted.map { $0.0 % 2 }).count == 1)
            #expect(accepted.count == 30)
            #expect(answers.filter { $0.1.status == 409 }.count == 30)
            #expect(try await fixture.count(.events) == 1 + 15)
        }
    }

    /// Two ingesters, lists of the same keys in opposite orders: a deadlock would end as 503, a lost race as two
    /// events.
    @Test func twoIngestersWithCrossedKeys() async throws {
        try await withIngester { one, fixture, database in
            try await RunningIngester.with(database.url(for: .ingester)) { two in
                try await fixture.subscribe("*")
                for round in 0..<10 {
                    let keys = (0..<50).map { order("r\(round)k\($0)") }
                    async let there = one.post("[" + keys.joined(separator: ",") + "]")
                    async let back = two.post("[" + keys.reversed().joined(separator: ",") + "]")
                    let answers = try await (there, back)
                    #expect(answers.0.status == 202 && answers.1.status == 202)
                    #expect(answers.0.ids == answers.1.ids.reversed())
                }
                #expect(try await fixture.count(.events) == 500)
                #expect(try await fixture.count(.deliveries) == 500)
            }
        }
    }
}
