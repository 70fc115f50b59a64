import HTTPTypes
import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Replacing secrets")
struct SecretRotationTests {
    @Test("Both secrets sign during the overlap, the new one first, and the change is noted without either")
    func overlap() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook(#""signatures":["v1","v1a"]"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            let first = try #require(try made.string("secret"))
            let firstKey = try await api.send(.get, path + "/secret").string("publicKey")
            let rotated = try await api.send(.post, path + "/secret/rotate")
            #expect(rotated.status == 200 && rotated.headers[.cacheControl] == "no-store", "\(rotated.text)")
            let second = try #require(try rotated.string("secret"))
            #expect(second != first && StandardWebhooksSecret(second) != nil)
            #expect(try rotated.string("publicKey") != firstKey && rotated.string("publicKey") != nil)
            let end = try #require(Instant(rfc3339: try rotated.string("previousValidUntil") ?? ""))
            #expect(abs((end - Instant.now) / .seconds(1) - 86400) < 60)
            let shown = try await api.send(.get, path + "/secret")
            #expect(try shown.string("secret") == second)
            #expect(try shown.string("previousValidUntil") == rotated.string("previousValidUntil"))

            let secrets = try await Self.secrets(of: made, database)
            #expect(secrets.signing.map(\.text) == [second, first])
            #expect(secrets.ed25519.count == 2)
            let after = try await api.send(.get, path)
            #expect(after.headers[.eTag] != made.headers[.eTag])  // owners read secrets again
            #expect(try after.string("secretHint") == "••••\(second.suffix(4))")
            let changes = try await api.send(.get, path + "/changes")
            #expect(changes.text.contains(#""member":"secret""#) && changes.text.contains(#""by":"test""#))
            #expect(!changes.text.contains(first.dropFirst(6)) && !changes.text.contains(second.dropFirst(6)))
        }
    }

    @Test("A short overlap does not hide that an older secret still signs")
    func overlaps() async throws {
        try await withAPI { api, _ in
            let path = "/company/webhooks/\(try await api.makeWebhook().string("id") ?? "")/secret"
            let long = try await api.send(.post, path + "/rotate", #"{"overlapSeconds":9000}"#)
            let end = try #require(try long.string("previousValidUntil"))
            let short = try await api.send(.post, path + "/rotate", #"{"overlapSeconds":60}"#)
            #expect(try short.string("previousValidUntil") == end)
            #expect(try await api.send(.get, path).string("previousValidUntil") == end)
            let none = try await api.send(.post, path + "/rotate", #"{"overlapSeconds":0}"#)
            #expect(try none.value("previousValidUntil")?.isNull == true)
            #expect(try await api.send(.get, path).value("previousValidUntil")?.isNull == true)
        }
    }

    @Test("A secret of one's own, and no overlap")
    func given() async throws {
        try await withAPI { api, database in
            let made = try await api.makeWebhook()
            let path = "/company/webhooks/\(try made.string("id") ?? "")/secret/rotate"
            let secret = StandardWebhooksSecret().text
            let rotated = try await api.send(.post, path, #"{"secret":"\#(secret)","overlapSeconds":0}"#)
            #expect(try rotated.string("secret") == secret)
            #expect(try rotated.value("previousValidUntil")?.isNull == true)
            #expect(try rotated.value("publicKey")?.isNull == true)
            #expect(try await Self.secrets(of: made, database).signing.map(\.text) == [secret])
            for (body, fault) in [
                (#"{"secret":"\#(secret)"}"#, "secret conflict"), (#"{"secret":"short"}"#, "secret invalid"),
                (#"{"secret":"••••1234"}"#, "secret masked"),
                (#"{"overlapSeconds":-1}"#, "overlapSeconds out_of_range"),
                (#"{"overlapSecond":1}"#, "overlapSecond unknown_member"), ("[]", " wrong_type"),
            ] {
                let answer = try await api.send(.post, path, body)
                #expect(try answer.status == 422 && answer.faults == [fault], "\(body) \(answer.text)")
            }
            #expect(try await api.send(.post, path, "{}", type: "text/plain").status == 415)
        }
    }

    @Test("The tenant's signature secret is shown and replaced, and every webhook counts as changed")
    func signatureSecret() async throws {
        try await withAPI { api, database in
            let webhook = try await api.makeWebhook().string("id") ?? ""
            let tag = try await api.send(.get, "/company/webhooks/\(webhook)").headers[.eTag]
            func version(_ id: String) async throws -> Int64 {
                let session = try await database.connect()
                let found = try await session.execute(FindWebhooks(ids: Webhook.ID(id).map { [$0] } ?? []))
                await session.close()
                return found.first?.version ?? 0
            }
            let before = try await version(webhook)
            let first = try await api.send(.get, "/company/signature-secret").string("signatureSecret")
            let rotated = try await api.send(.post, "/company/signature-secret/rotate")
            let second = try rotated.string("signatureSecret")
            #expect(rotated.status == 200 && first != nil && second != nil && first != second)
            #expect(try await api.send(.get, "/company/signature-secret").string("signatureSecret") == second)
            #expect(try await version(webhook) > before)
            // Nobody edited it, so nobody's edit is refused.
            #expect(try await api.send(.get, "/company/webhooks/\(webhook)").headers[.eTag] == tag)
            let given = try await api.send(
                .post, "/company/signature-secret/rotate", #"{"signatureSecret":"sixteen-letters!"}"#)
            #expect(try given.string("signatureSecret") == "sixteen-letters!")
            let short = try await api.send(
                .post, "/company/signature-secret/rotate", #"{"signatureSecret":"fifteen-letters"}"#)
            #expect(try short.status == 422 && short.faults == ["signatureSecret too_short"])
        }
    }

    private static func secrets(of webhook: Answer, _ database: TestDatabase) async throws -> WebhookSecrets {
        let id = try #require(Webhook.ID(try webhook.string("id") ?? ""))
        let session = try await database.connect()
        let sealed = try await session.execute(FindWebhookSecrets(webhooks: [id]))
        await session.close()
        return try WebhookSecrets(sealed, keys: EncryptionKeys(parsing: testKeys))
    }
}
