import HTTPTypes
import JSON
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("History: invocations, events, deliveries")
struct HistoryTests {
    @Test("An invocation is shown as the contract words it")
    func invocation() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let failed = try await api.send(.get, "/company/invocations/\(seed.invocations[0])")
            #expect(
                failed.text == #"""
                    {"id":"\#(seed.invocations[0])","webhookId":"\#(seed.webhook)","eventId":"\#(seed.event)",\#
                    "deliveryId":"\#(seed.settled)","event":"order-created","attempt":1,"trigger":"event",\#
                    "start":"\#(History.start.rfc3339)","end":"\#((History.start + .seconds(1)).rfc3339)",\#
                    "durationMs":1000,"outcome":"failed","final":false,\#
                    "error":{"class":"timeout","detail":"No answer within 1000 ms."},\#
                    "nextAttemptAt":"\#((History.start + .seconds(5)).rfc3339)",\#
                    "request":{"method":"POST","url":"https://test.com/wh",\#
                    "headers":{"authorization":"Bearer ••••1234"},\#
                    "payload":"{\"a\":\"Bår","isTruncated":true},"response":null,\#
                    "timings":{"dnsMs":0.25,"connectMs":1.5,"tlsMs":null,"firstByteMs":null,"totalMs":1000},\#
                    "remoteAddress":"192.0.2.1"}
                    """#)
            let answer = try await api.send(.get, "/company/invocations/\(seed.invocations[1])")
            #expect(try answer.value("error")?.isNull == true && answer.value("nextAttemptAt")?.isNull == true)
            #expect(try answer.value("response.status")?.integer == 200)
            #expect(try answer.string("response.body") == "ok \u{1}\"\u{FFFD}")
            #expect(try answer.value("response.headers")?.member("set-cookie")?.string == "a=1, b=2")
            #expect(try answer.value("final")?.bool == true)
            // The webhook shows its latest one.
            let webhook = try await api.send(.get, "/company/webhooks/\(seed.webhook)")
            #expect(try webhook.string("lastInvocation.id") == "\(seed.invocations[1])")
            #expect(try webhook.value("lastInvocation.status")?.integer == 200)
        }
    }

    private static let listTable: [(String, [Int])] = [
        ("", [1, 0]), ("?outcome=failed", [0]), ("?outcome=succeeded", [1]), ("?outcome=discarded", []),
        ("?event=order-created", [1, 0]), ("?event=orders-created", [1, 0]), ("?event=order-updated", []),
        ("?limit=1", [1]), ("?created_at_min=2001-01-01T00:00:00Z", [1, 0]),
        ("?created_at_max=2001-01-01T00:00:00%2B01:00", []), ("?created_at_min=2001-01-01T00:00:00+01:00", [1, 0]),
    ]

    @Test("Invocations are listed newest first, by outcome and event")
    func list() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            for (query, wanted) in Self.listTable {
                let answer = try await api.send(.get, "/company/webhooks/\(seed.webhook)/invocations\(query)")
                #expect(answer.status == 200)
                #expect(try answer.ids == wanted.map { "\(seed.invocations[$0])" }, "\(query)")
            }
        }
    }

    @Test("Events: a list without data, one with its data as it came, and what became of it")
    func events() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let list = try await api.send(.get, "/company/events?event=orders-created&resourceId=o1")
            #expect(try list.ids == ["\(seed.event)"])
            #expect(try list.json.member("data")?.elements.first?.member("data") == nil)
            #expect(try await api.send(.get, "/company/events?resourceId=o2").ids.isEmpty)
            let one = try await api.send(.get, "/company/events/\(seed.event)")
            #expect(try one.value("data").map { String(decoding: $0.rawBytes, as: UTF8.self) } == History.data)
            #expect(try one.string("type") == "order-created" && one.string("resource") == "order")
            #expect(try one.string("occurredAt") == History.start.rfc3339 && one.value("related")?.isNull == true)
            let deliveries = try await api.send(.get, "/company/events/\(seed.event)/deliveries").json.member("data")
            let found = deliveries?.elements.map { ($0.member("id")?.string, $0.member("state")?.string) }
            #expect(found?.count == 2)
            #expect(found?.contains { $0 == ("\(seed.settled)", "succeeded") } == true)
            #expect(found?.contains { $0 == ("\(seed.pending)", "due") } == true)
            let settled = deliveries?.elements.first { $0.member("id")?.string == "\(seed.settled)" }
            #expect(settled?.member("invocations")?.elements.count == 2)
        }
    }

    @Test("Pending deliveries are listed by state and webhook, and cancelled once")
    func deliveries() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let list = try await api.send(.get, "/company/deliveries?webhookId=\(seed.webhook)&state=due")
            #expect(try list.ids == ["\(seed.pending)"])
            #expect(try await api.send(.get, "/company/deliveries?state=held").ids.isEmpty)
            _ = try await api.send(.patch, "/company/webhooks/\(seed.webhook)", #"{"isEnabled":false}"#)
            #expect(try await api.send(.get, "/company/deliveries?state=held").ids == ["\(seed.pending)"])
            #expect(try await api.send(.delete, "/company/deliveries/\(seed.pending)").status == 204)
            #expect(try await api.send(.delete, "/company/deliveries/\(seed.pending)").status == 404)
            let ofEvent = try await api.send(.get, "/company/events/\(seed.event)/deliveries")
            let states = try ofEvent.value("data")?.elements.map {
                [$0.member("id")?.string, $0.member("state")?.string]
            }
            #expect(
                Set(states ?? []) == [["\(seed.settled)", "succeeded"], ["\(seed.pending)", "cancelled"]],
                "\(ofEvent.text)")
            // Paged: a page at a time, each delivery once.
            let page = try await api.send(.get, "/company/events/\(seed.event)/deliveries?limit=1")
            let cursor = try #require(try page.string("nextCursor"))
            let next = try await api.send(.get, "/company/events/\(seed.event)/deliveries?limit=1&cursor=\(cursor)")
            #expect(try page.ids + next.ids == ofEvent.ids)
            #expect(try next.value("nextCursor")?.isNull == true)
            #expect(try await database.count("deliveries") == 0)
        }
    }

    @Test("With its webhook, its history is gone at once")
    func gone() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            #expect(try await api.send(.delete, "/company/webhooks/\(seed.webhook)").status == 204)
            #expect(try await api.send(.get, "/company/invocations/\(seed.invocations[0])").status == 404)
            #expect(try await api.send(.get, "/company/webhooks/\(seed.webhook)/invocations").status == 404)
            #expect(try await api.send(.get, "/company/events/\(seed.event)/deliveries").ids.isEmpty)
            #expect(try await api.send(.get, "/company/deliveries").ids.isEmpty)
            #expect(try await database.count("invocations") == 2)
        }
    }

    @Test(
        "Text of bytes that may be anything",
        arguments: [
            (Array("Bård".utf8), false, "Bård"), (Array("Bå".utf8.dropLast()), true, "B"),
            (Array("Bå".utf8.dropLast()), false, "B\u{FFFD}"), (Array("a€".utf8.dropLast(2)), true, "a"),
            (Array("a🚀".utf8), true, "a🚀"), ([0xFF, 0x41], true, "\u{FFFD}A"), ([], true, ""),
            ([0x80, 0x80], true, "\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], Bool, String)])
    func text(bytes: [UInt8], isTruncated: Bool, shown: String) {
        #expect(InvocationRepresentation.text(of: bytes, isTruncated: isTruncated) == shown)
    }
}
