import HTTPTypes
import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Sending again: retries and replays")
struct SendingAgainTests {
    @Test("An invocation is retried whatever its outcome was, beside what is owed already")
    func retry() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            for invocation in seed.invocations {
                let answer = try await api.send(.post, "/company/invocations/\(invocation)/retry")
                #expect(answer.status == 202)
                let id = try #require(try answer.string("deliveryId"))
                let list = try await api.send(.get, "/company/deliveries").json.member("data")
                let made = list?.elements.first { $0.member("id")?.string == id }
                #expect(made?.member("eventId")?.string == "\(seed.event)")
                #expect(made?.member("webhookId")?.string == "\(seed.webhook)")
                #expect(made?.member("attempt")?.integer == 1 && made?.member("state")?.string == "due")
            }
            #expect(try await database.count("deliveries") == 3)
        }
    }

    @Test("In an ordered webhook a retry has the order key that the ingester gives")
    func order() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            for (ordering, key) in [
                ("none", nil), ("webhook", 0), ("resource", Fingerprint(resource: "order", id: "o1").orderKey),
            ] as [(String, Int64?)] {
                let patch = #"{"ordering":"\#(ordering)"}"#
                #expect(try await api.send(.patch, "/company/webhooks/\(seed.webhook)", patch).status == 200)
                let answer = try await api.send(.post, "/company/invocations/\(seed.invocations[1])/retry")
                let id = try #require(Delivery.ID(try answer.string("deliveryId") ?? ""))
                let session = try await database.connect()
                #expect(try await session.execute(FindOrderKey(id: id)) == [key], "\(ordering)")
                await session.close()
            }
        }
    }

    private struct FindOrderKey: Statement {
        static let sql = "SELECT order_key FROM deliveries WHERE id = $1 AND trigger = 1 AND due_at <= now()"
        let id: Delivery.ID
        func bind(_ parameters: inout Parameters) { parameters.append(id) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Int64? { try row.optional(0) }
    }

    @Test("What cannot be retried says why")
    func refusals() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let test = Invocation(
                id: Invocation.ID(), shard: seed.tenant.shard, tenantID: seed.tenant.id, webhookID: seed.webhook,
                eventID: nil, deliveryID: nil, eventType: "order-created", attempt: 1, trigger: .test,
                startedAt: .now, duration: .zero, outcome: .succeeded, isFinal: true)
            try await database.transact(InsertInvocations([test]))
            let answer = try await api.send(.post, "/company/invocations/\(test.id)/retry")
            #expect(answer.status == 409)
            #expect(try answer.string("code") == "no_event")
            let path = "/company/invocations/\(seed.invocations[0])/retry"
            try await database.run("DELETE FROM events")
            let gone = try await api.send(.post, path)
            #expect(gone.status == 404)
            #expect(try gone.string("code") == "event_gone")
            #expect(try await api.send(.delete, "/company/webhooks/\(seed.webhook)").status == 204)
            #expect(try await api.send(.post, path).string("code") == "not_found")
            #expect(try await database.count("deliveries") == 1)
        }
    }

    @Test("A replay is begun, and shown as far as it is")
    func replay() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let since = "2025-10-07T13:48:45.5+02:00", until = "2025-10-08T00:00:00Z"
            let begun = try await api.send(
                .post, "/company/webhooks/\(seed.webhook)/replay",
                #"{"since":"\#(since)","until":"\#(until)","only":"all"}"#)
            #expect(begun.status == 202)
            let id = try #require(try begun.string("id"))
            #expect(begun.headers[.location] == "/company/replays/\(id)")
            let shown = try await api.send(.get, "/company/replays/\(id)")
            let createdAt = try #require(try shown.string("createdAt"))
            #expect(
                shown.text == #"""
                    {"id":"\#(id)","webhookId":"\#(seed.webhook)","since":"2025-10-07T11:48:45.500Z",\#
                    "until":"2025-10-08T00:00:00.000Z","only":"all","state":"running","matched":0,"queued":0,\#
                    "createdAt":"\#(createdAt)","finishedAt":null}
                    """#)
            // A foreign one is not there, one of a deleted webhook still is.
            try await api.makeTenant("other")
            #expect(try await api.with { $0.tenant = "other" }.send(.get, "/company/replays/\(id)").status == 404)
            #expect(try await api.send(.delete, "/company/webhooks/\(seed.webhook)").status == 204)
            #expect(try await api.send(.get, "/company/replays/\(id)").status == 200)
            let late = try await api.send(
                .post, "/company/webhooks/\(seed.webhook)/replay", #"{"since":"\#(since)"}"#)
            #expect(late.status == 404)
        }
    }

    @Test("Left out, `until` is now and `only` the failures; the future is not replayed")
    func defaults() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            for body in [
                #"{"since":"2025-10-07T00:00:00Z"}"#,
                #"{"since":"2025-10-07T00:00:00Z","until":"2999-01-01T00:00:00Z","only":null}"#,
            ] {
                let begun = try await api.send(.post, "/company/webhooks/\(seed.webhook)/replay", body)
                let shown = try await api.send(.get, "/company/replays/\(try begun.string("id") ?? "")")
                #expect(try shown.string("only") == "failed")
                let until = try #require(Instant(rfc3339: try shown.string("until") ?? ""))
                #expect(until <= .now && Instant.now - until < .seconds(60))
            }
        }
    }

    private static let faults: [(String, [String])] = [
        ("{}", ["since required"]), (#"{"since":"yesterday"}"#, ["since invalid"]),
        (#"{"since":"2025-10-07T00:00:00"}"#, ["since invalid"]), (#"{"since":5}"#, ["since wrong_type"]),
        (#"{"since":"2999-01-01T00:00:00Z"}"#, ["since out_of_range"]),
        (#"{"since":"2025-10-07T00:00:00Z","until":"2025-10-06T23:59:59Z"}"#, ["until out_of_range"]),
        (
            #"{"until":"x","only":"some","to":1}"#,
            ["only unknown_value", "since required", "to unknown_member", "until invalid"]
        ),
        ("[]", [" wrong_type"]),
    ]

    @Test("Every fault of a replay's body is told")
    func invalid() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            for (body, faults) in Self.faults {
                let answer = try await api.send(.post, "/company/webhooks/\(seed.webhook)/replay", body)
                #expect(answer.status == 422, "\(body)")
                #expect(try answer.faults == faults, "\(body)")
            }
            #expect(try await api.send(.post, "/company/webhooks/\(seed.webhook)/replay", "{").status == 400)
            #expect(try await database.count("replays") == 0)
        }
    }
}
