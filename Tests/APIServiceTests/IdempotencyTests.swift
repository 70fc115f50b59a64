import Curl
import HTTPTypes
import JSON
import Postgres
import Store
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Idempotency-Key")
struct IdempotencyTests {
    private static func headers(_ key: String) -> HTTPFields { [.init("Idempotency-Key")!: key] }
    private static let replayed = HTTPField.Name("Idempotency-Replayed")!

    @Test("The same key and body give the first answer again, secret and Location included")
    func again() async throws {
        try await withAPI { api, database in
            let first = try await api.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("one"))
            let second = try await api.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("one"))
            #expect(first.status == 201 && second.status == 201)
            #expect(second.text == first.text && second.headers[.location] == first.headers[.location])
            #expect(second.headers[.eTag] == first.headers[.eTag])
            #expect(first.headers[Self.replayed] == nil && second.headers[Self.replayed] == "true")
            #expect(try await database.count("webhooks") == 1)
            let session = try await database.connect()
            let sealed = try await session.execute(FindAnswers())
            await session.close()
            let secret = Array((try first.string("secret") ?? "?").utf8)
            #expect(sealed.count == 1 && !sealed[0].containsSlice(secret))  // encrypted at rest

            let other = try await api.send(
                .post, "/company/webhooks", TestAPI.body(#""isEnabled":false"#), headers: Self.headers("one"))
            #expect(try other.status == 409 && other.string("code") == "idempotency_key_reused")
            let elsewhere = try await api.send(
                .post, "/company/event-types", #"{"name":"a-b"}"#, headers: Self.headers("one"))
            #expect(elsewhere.status == 201)
            try await api.makeTenant("other")
            let stranger = try await api.with { $0.tenant = "other" }.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("one"))
            #expect(stranger.text != first.text && stranger.status == 201)
        }
    }

    @Test("Refusals are kept too; operators' requests have keys as well; what is no key is refused")
    func refusals() async throws {
        try await withAPI { api, database in
            let first = try await api.send(.post, "/company/webhooks", "{}", headers: Self.headers("x"))
            let second = try await api.send(.post, "/company/webhooks", "{}", headers: Self.headers("x"))
            #expect(first.status == 422 && second.text == first.text && second.headers[Self.replayed] == "true")
            #expect(second.headers[.contentType] == "application/problem+json")
            let body = #"{"identifier":"again","name":"x"}"#
            let made = try await api.send(.post, "/admin/tenants", body, headers: Self.headers("y"))
            let same = try await api.send(.post, "/admin/tenants", body, headers: Self.headers("y"))
            #expect(made.status == 201 && same.text == made.text)
            for key in ["", "a b", String(repeating: "k", count: 257)] {
                let answer = try await api.send(.post, "/company/webhooks", "{}", headers: Self.headers(key))
                #expect(answer.status == 400, "\(key.count)")
            }
            let longest = String(repeating: "k", count: 256)
            #expect(try await api.send(.post, "/company/webhooks", "{}", headers: Self.headers(longest)).status == 422)
        }
    }

    @Test("Nobody is shown an answer that he may not have")
    func permission() async throws {
        try await withAPI { api, _ in
            _ = try await api.send(.post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("p"))
            let token = try TestAPI.token(tenants: ["acme"], permissions: [.webhooksRead])
            let reader = api.with { $0.token = token }
            let answer = try await reader.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("p"))
            #expect(answer.status == 403 && !answer.text.contains("whsec_"))
        }
    }

    @Test("A second request while the first runs is told to wait, and then has its answer")
    func running() async throws {
        let receiver = try TestReceiver(answers: .hang)
        try await withAPI(addresses: AddressPolicy(allow: ["127.0.0.0/8"])) { api, _ in
            let webhook = try await api.makeWebhook(#""url":"\#(receiver.url())","timeoutMs":30000"#)
            let path = "/company/webhooks/\(try webhook.string("id") ?? "")/test"
            async let first = api.send(.post, path, headers: Self.headers("slow"))
            try await receiver.waitForRequests(1)
            let second = try await api.send(.post, path, headers: Self.headers("slow"))
            #expect(second.status == 409 && second.headers[.retryAfter] == "1")
            receiver.stop()
            let done = try await first
            let third = try await api.send(.post, path, headers: Self.headers("slow"))
            #expect(done.status == 200 && third.text == done.text)
            #expect(receiver.requests.count == 1)
        }
    }

    @Test("After a day, or after the death of its holder, a key is free; old ones are purged")
    func expiry() async throws {
        try await withAPI { api, database in
            func create() async throws -> String? {
                try await api.send(.post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("k"))
                    .string("id")
            }
            let first = try await create()
            try await database.run(
                "UPDATE martlet.idempotency_keys SET created_at = now() - interval '23 h 59 min'")
            #expect(try await create() == first)
            try await database.run("UPDATE martlet.idempotency_keys SET created_at = now() - interval '24 h'")
            let second = try await create()
            #expect(second != nil && second != first)
            // Its holder died before it could keep the answer.
            try await database.run(
                "UPDATE martlet.idempotency_keys SET answer = NULL, runs_until = now() + interval '9 s'")
            let early = try await api.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("k"))
            #expect(early.status == 409)
            try await database.run("UPDATE martlet.idempotency_keys SET runs_until = now()")
            let third = try await create()
            #expect(third != nil && third != second)

            try await database.run("UPDATE martlet.idempotency_keys SET created_at = now() - interval '25 h'")
            let pool = try database.pool(as: .api)
            let purged = try await pool.execute(PurgeIdempotencyKeys(limit: 10))
            await pool.close()
            #expect(purged == [1])
            #expect(try await database.count("idempotency_keys") == 0)
        }
    }

    @Test("An answer of 5xx is not kept")
    func failures() async throws {
        try await withAPI { api, database in
            try await database.run("REVOKE INSERT ON martlet.webhooks FROM martlet_api")
            let failed = try await api.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("f"))
            #expect(failed.status == 500)
            #expect(try await database.count("idempotency_keys") == 0)
            try await database.run("GRANT INSERT ON martlet.webhooks TO martlet_api")
            let made = try await api.send(
                .post, "/company/webhooks", TestAPI.body(""), headers: Self.headers("f"))
            #expect(made.status == 201)
        }
    }

    private struct FindAnswers: Statement {
        static let sql = "SELECT answer FROM martlet.idempotency_keys"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> [UInt8] { try row.column(0) }
    }
}

extension [UInt8] {
    fileprivate func containsSlice(_ other: [UInt8]) -> Bool {
        guard count >= other.count else { return false }
        return (0...(count - other.count)).contains { self[$0..<($0 + other.count)].elementsEqual(other) }
    }
}
