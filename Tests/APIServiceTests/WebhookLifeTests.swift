import HTTPTypes
import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("A webhook's status, its end, and who hears of it")
struct WebhookLifeTests {
    @Test("inactive by its user, disabled by Martlet, and back")
    func status() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook()
            let id = try #require(Webhook.ID(try made.string("id") ?? ""))
            let path = "/company/webhooks/\(id)"
            #expect(try await api.send(.patch, path, #"{"isEnabled":false}"#).string("status") == "inactive")
            #expect(try await api.send(.patch, path, #"{"isEnabled":true}"#).string("status") == "active")
            try await database.run(
                """
                UPDATE martlet.webhooks SET disabled_reason = 'The receiver answered 410.', version = version + 1,
                       configuration = jsonb_set(configuration, '{isEnabled}', 'false')
                """)
            let disabled = try await api.send(.get, path)
            #expect(try disabled.string("status") == "disabled")
            #expect(try disabled.string("disabledReason") == "The receiver answered 410.")
            // A change of something else, and what GET gave sent back, leave it disabled.
            #expect(try await api.send(.patch, path, #"{"name":"other"}"#).string("status") == "disabled")
            #expect(try await api.send(.put, path, disabled.text).string("status") == "disabled")
            let active = try await api.send(.patch, path, #"{"isEnabled":true}"#)
            #expect(try active.string("status") == "active")
            #expect(try active.value("disabledReason")?.isNull == true)
            // Switched off by its user now: the old reason is gone.
            #expect(try await api.send(.patch, path, #"{"isEnabled":false}"#).string("status") == "inactive")
        }
    }

    @Test("DELETE answers 204, then it never was; the row stays as a tombstone, its secrets go, and a wake is written")
    func delete() async throws {
        try await withAPI { api, database in
            let id = try await api.makeWebhook(#""authentication":{"type":"bearer","token":"t"}"#).string("id") ?? ""
            let path = "/company/webhooks/\(id)"
            #expect(try await database.count("webhook_secrets") == 2)
            let wakes = try await database.count("wakes")
            #expect(try await api.send(.delete, path).status == 204)
            for (method, body) in [(.get, nil), (.put, TestAPI.body("")), (.patch, "{}"), (.delete, nil)] as [Call] {
                #expect(try await api.send(method, path, body).status == 404)
            }
            #expect(try await api.send(.get, path + "/invocations").status == 404)
            #expect(try await api.send(.get, path + "/secret").status == 404)
            #expect(try await api.send(.get, "/company/webhooks").ids.isEmpty)
            #expect(try await database.count("webhooks") == 1)
            #expect(try await database.count("webhook_secrets") == 0)
            #expect(try await database.count("wakes") == wakes + 1)
        }
    }

    @Test("Every change writes a wake and is notified")
    func notified() async throws {
        try await withAPI { api, database in
            let session = try await database.connect()
            var notifications = try await session.listen(to: NotifyWakes.channel).makeAsyncIterator()
            let path = "/company/webhooks/\(try await api.makeWebhook().string("id") ?? "")"
            #expect(try await notifications.next()?.channel == NotifyWakes.channel)
            #expect(try await api.send(.patch, path, #"{"name":"other"}"#).status == 200)
            #expect(try await notifications.next() != nil)
            #expect(try await api.send(.delete, path).status == 204)
            #expect(try await notifications.next() != nil)
            #expect(try await database.count("wakes") == 3)
            await session.close()
        }
    }

    @Test("A change of nothing changes nothing")
    func unchanged() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook(#""signatures":["v1a"]"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            let answer = try await api.send(.patch, path, #"{"name":"w"}"#)
            #expect(answer.headers[.eTag] == made.headers[.eTag])
            #expect(try answer.string("updatedAt") == made.string("updatedAt"))
            #expect(try await database.count("wakes") == 1)
        }
    }

    @Test("Secrets are sealed at rest, and a masked one sent back stays")
    func sealed() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook(#""authentication":{"type":"bearer","token":"secret-token-1234"}"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            #expect(try made.string("authentication.token") == "••••1234")
            let put = try await api.send(.put, path, made.text.replacing(/"secret":"[^"]*",/, with: ""))
            #expect(put.status == 200, "\(put.text)")
            #expect(try await api.send(.patch, path, #"{"name":"x"}"#).string("authentication.token") == "••••1234")
            let id = try #require(Webhook.ID(try made.string("id") ?? ""))
            let session = try await database.connect()
            let secrets = try await session.execute(FindWebhookSecrets(webhooks: [id]))
            await session.close()
            #expect(!secrets.contains { String(decoding: $0.sealed, as: UTF8.self).contains("secret-token") })
            let stored = try StoredSecrets(secrets, keys: EncryptionKeys(parsing: testKeys))
            #expect(stored.authentication == .bearer(token: "secret-token-1234"))
            #expect(try stored.signing == made.string("secret"))
        }
    }
}
