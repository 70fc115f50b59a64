import HTTPTypes
import JSON
import Postgres
import Store
import Testing
import Webhooks

@testable import APIService

@Suite("Changing and deleting webhooks")
struct WebhookChangeTests {
    private static let patchTable: [(String, String, String, String)] = [
        ("", #"{"name":"new"}"#, "name", #""new""#),
        (#""description":"x""#, #"{"description":null}"#, "description", "null"),
        (#""timeoutMs":100"#, #"{"timeoutMs":null}"#, "timeoutMs", "5000"),
        (#""headers":{"a":"1","b":"2"}"#, #"{"headers":{"A":null,"C":"3"}}"#, "headers", #"{"b":"2","c":"3"}"#),
        (#""metadata":{"a":"1"}"#, #"{"metadata":null}"#, "metadata", "{}"),
        (
            #""retry":{"maxAttempts":3}"#, #"{"retry":{"schedule":[7]}}"#, "retry",
            #"{"maxAttempts":3,"schedule":[7]}"#
        ),
        (#""filter":{"a":[1],"b":[2]}"#, #"{"filter":{"a":null}}"#, "filter", #"{"b":[2]}"#),
        (#""events":["*"]"#, #"{"events":["order-created"]}"#, "events", #"["order-created"]"#),
        ("", #"{"dialect":"crystallize"}"#, "retry.maxAttempts", "1"),
        (
            #""authentication":{"type":"bearer","token":"token-1234"}"#, #"{"authentication":null}"#,
            "authentication", "null"
        ),
        (
            #""authentication":{"type":"bearer","token":"token-1234"}"#,
            #"{"authentication":{"type":"basic","username":"u","password":"password"}}"#,
            "authentication", #"{"type":"basic","username":"u","password":"••••word"}"#
        ),
        (
            #""authentication":{"type":"basic","username":"u","password":"password"}"#,
            #"{"authentication":{"username":"v"}}"#,
            "authentication", #"{"type":"basic","username":"v","password":"••••word"}"#
        ),
        ("", #"{"id":"wbh_x","status":"nonsense","secretHint":5,"lastInvocation":[]}"#, "status", #""active""#),
    ]

    @Test("PATCH is a JSON Merge Patch")
    func patch() async throws {
        try await withAPI { api, _ in
            for (start, patch, path, shown) in Self.patchTable {
                let id = try await api.makeWebhook(start).string("id") ?? ""
                let answer = try await api.send(
                    .patch, "/company/webhooks/\(id)", patch, type: "application/merge-patch+json")
                #expect(answer.status == 200, "\(answer.text)")
                #expect(
                    try answer.value(path).map { String(decoding: $0.compactBytes, as: UTF8.self) } == shown, "\(patch)"
                )
                #expect(try await api.send(.get, "/company/webhooks/\(id)").text == answer.text)
            }
        }
    }

    private static let refusedTable: [(String, String)] = [
        (#"{"name":null}"#, "name required"), (#"{"isEnbled":null}"#, "isEnbled unknown_member"),
        (#"{"timeoutMs":1}"#, "timeoutMs out_of_range"),
        (#"{"format":"cloudevents","dialect":"shopery"}"#, "format conflict"),
        (#"{"authentication":{"token":"••••0000"}}"#, "authentication.token masked"), ("[]", " wrong_type"),
        (#"{"headers":{"authorization":"x"}}"#, "authentication conflict"),
        (#"{"secret":"••••0000"}"#, "secret masked"),
    ]

    @Test("PATCH refuses what POST refuses")
    func refused() async throws {
        try await withAPI { api, _ in
            for (patch, fault) in Self.refusedTable {
                let made = try await api.makeWebhook(#""authentication":{"type":"bearer","token":"token-1234"}"#)
                let path = "/company/webhooks/\(try made.string("id") ?? "")"
                let before = try await api.send(.get, path)
                let answer = try await api.send(.patch, path, patch)
                #expect(answer.status == 422)
                #expect(try answer.faults == [fault], "\(patch)")
                #expect(try await api.send(.get, path).text == before.text)
            }
        }
    }

    @Test("PUT replaces: what is left out takes its default, the secret stays")
    func put() async throws {
        try await withAPI { api, _ in
            let made = try await api.makeWebhook(#""timeoutMs":100,"description":"x","headers":{"a":"1"}"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            let put = try await api.send(.put, path, TestAPI.body(#""name":"other""#))
            #expect(put.status == 200)
            #expect(try put.string("name") == "other")
            #expect(try put.value("timeoutMs")?.integer == 5000)
            #expect(try put.value("description")?.isNull == true && put.value("headers")?.members.isEmpty == true)
            #expect(try await api.send(.get, path + "/secret").string("secret") == made.string("secret"))
            #expect(try await api.send(.put, path, #"{"name":"only"}"#).faults == ["events required", "url required"])
        }
    }

    private static let ifMatchTable: [(String, Int)] = [
        ("current", 200), ("*", 200), (#""0", current"#, 200), (#""0""#, 412), ("W/current", 412),
        ("nonsense", 412),
    ]

    @Test("If-Match")
    func ifMatch() async throws {
        try await withAPI { api, _ in
            for (header, status) in Self.ifMatchTable {
                let made = try await api.makeWebhook()
                let path = "/company/webhooks/\(try made.string("id") ?? "")"
                let tag = try #require(made.headers[.eTag])
                let sent = header.replacing("current", with: tag)
                let answer = try await api.send(.patch, path, #"{"name":"x"}"#, headers: [.ifMatch: sent])
                #expect(answer.status == status, "\(header)")
                #expect((answer.headers[.eTag] ?? tag) != tag || status == 412)
                let deleted = try await api.send(.delete, path, headers: [.ifMatch: status == 412 ? sent : "*"])
                #expect(deleted.status == (status == 412 ? 412 : 204))
            }
        }
    }

    @Test("Who changes at the same time loses nothing of the others")
    func together() async throws {
        try await withAPI { api, _ in
            let path = "/company/webhooks/\(try await api.makeWebhook().string("id") ?? "")"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        let patch = #"{"metadata":{"k\#(number)":"v"}}"#
                        let status = try await api.send(.patch, path, patch).status
                        #expect(status == 200)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await api.send(.get, path).value("metadata")?.members.count == 4)
        }
    }

    @Test("Secrets: given, kept, renewed, never for a dialect that they do not suit")
    func secrets() async throws {
        try await withAPI { api, _ in
            let made = try await api.makeWebhook(#""dialect":"shopery","secret":"a-shopery-secret""#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            #expect(try made.string("secret") == "a-shopery-secret")
            #expect(try await api.send(.patch, path, #"{"dialect":"standard"}"#).faults == ["secret conflict"])
            let moved = try await api.send(.patch, path, #"{"dialect":"standard","secret":null}"#)
            #expect(moved.status == 200, "\(moved.text)")
            let secret = try #require(try await api.send(.get, path + "/secret").string("secret"))
            #expect(secret.hasPrefix("whsec_"))
            let hint = try #require(try moved.string("secretHint"))
            #expect(try await api.send(.patch, path, #"{"secret":"\#(hint)","name":"y"}"#).status == 200)
            #expect(try await api.send(.get, path + "/secret").string("secret") == secret)
        }
    }

    @Test("v1a makes a key pair, which stays until v1a goes")
    func keyPair() async throws {
        try await withAPI { api, _ in
            let path =
                "/company/webhooks/\(try await api.makeWebhook(#""signatures":["v1","v1a"]"#).string("id") ?? "")"
            let key = try #require(try await api.send(.get, path + "/secret").string("publicKey"))
            #expect(StandardWebhooksPublicKey(key) != nil)
            #expect(try await api.send(.patch, path, #"{"name":"y"}"#).status == 200)
            #expect(try await api.send(.get, path + "/secret").string("publicKey") == key)
            #expect(try await api.send(.patch, path, #"{"signatures":["v1"]}"#).status == 200)
            #expect(try await api.send(.get, path + "/secret").value("publicKey")?.isNull == true)
        }
    }
}
