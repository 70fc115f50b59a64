import HTTPTypes
import JSON
import Store
import Testing
import Webhooks

@testable import APIService

@Suite("Webhooks over HTTP")
struct WebhookRouteTests {
    @Test("The seed's body works verbatim, and its secret is in this answer only")
    func seed() async throws {
        try await withAPI { api, _ in
            let body =
                #"{"name":"webhook test","url":"https://test.com/wh","events":["order-created"],"isEnabled":true}"#
            let made = try await api.send(.post, "/company/webhooks", body)
            #expect(made.status == 201)
            let id = try #require(try made.string("id"))
            #expect(id.wholeMatch(of: /wbh_[0-7][0-9A-HJKMNP-TV-Z]{25}/) != nil)
            #expect(made.headers[.location] == "/company/webhooks/\(id)")
            #expect(made.headers[.contentType] == "application/json")
            let secret = try #require(try made.string("secret"))
            #expect(secret.hasPrefix("whsec_"))
            #expect(Base64.decode(secret.dropFirst(6))?.count == 32)
            let got = try await api.send(.get, "/company/webhooks/\(id)")
            #expect(got.status == 200)
            #expect(try got.value("secret") == nil)
            #expect(try got.string("secretHint") == "••••\(secret.suffix(4))")
            #expect(try got.string("status") == "active")
            for member in ["name", "url", "isEnabled", "createdAt", "events"] {
                #expect(try got.value(member)?.compactBytes == made.value(member)?.compactBytes)
            }
            let list = try await api.send(.get, "/company/webhooks")
            #expect(try list.ids == [id])
            #expect(!list.text.contains(secret))
            #expect(try await api.send(.get, "/company/webhooks/\(id)/secret").string("secret") == secret)
        }
    }

    private static let defaultsTable: [(String, String, String)] = [
        ("", "retry.maxAttempts", "10"), ("", "retry.schedule", "[5,30,120,600,1800,5400,10800,18000,28800]"),
        ("", "debounceSeconds", "0"), (#""fields":["id"]"#, "debounceSeconds", "60"),
        ("", "dialect", #""standard""#),
        (#""dialect":"crystallize""#, "retry.maxAttempts", "1"), ("", "signatures", #"["v1"]"#),
        ("", "headers", "{}"),
        ("", "metadata", "{}"), ("", "authentication", "null"), ("", "payloadQuery", "null"),
        ("", "filter", "null"),
        ("", "timeoutMs", "5000"), ("", "connectTimeoutMs", "1000"), ("", "maxConcurrency", "32"),
        ("", "type", #""http""#),
        ("", "ordering", #""none""#), ("", "method", #""POST""#), ("", "whenDisabled", #""queue""#),
        ("", "data", #""latest""#),
        ("", "format", #""envelope""#), ("", "preserveDefaultPayload", "false"), ("", "rateLimit", "null"),
        ("", "disabledReason", "null"), ("", "lastInvocation", "null"), ("", "description", "null"),
    ]

    @Test("What is not given is shown with its default")
    func defaults() async throws {
        try await withAPI { api, _ in
            for (members, path, shown) in Self.defaultsTable {
                let id = try await api.makeWebhook(members).string("id") ?? ""
                let value = try await api.send(.get, "/company/webhooks/\(id)").value(path)
                #expect(value.map { String(decoding: $0.compactBytes, as: UTF8.self) } == shown, "\(members) \(path)")
            }
        }
    }

    private static let readBackTable: [String] = [
        #""name":"Åse 🚀""#, #""url":"https://test.com:444/%7Ea?x=%20&y""#,
        #""events":["*","order-*","webhook-disabled"]"#,
        #""isEnabled":false"#, #""whenDisabled":"discard""#, #""method":"DELETE""#,
        #""headers":{"a":" 1 ","b":"Bård"}"#,
        #""signatures":["v1","v1a"]"#, #""dialect":"shopery""#, #""payloadQuery":"query { order { id } }""#,
        #""preserveDefaultPayload":true"#, #""fields":["id","cart.sku"]"#, #""debounceSeconds":86400"#,
        #""filter":{"data":{"total":[{"numeric":[">",10.50]}]}}"#, #""format":"cloudevents""#,
        #""data":"snapshot""#,
        #""retry":{"maxAttempts":3,"schedule":[1,2]}"#, #""timeoutMs":100"#, #""connectTimeoutMs":50"#,
        #""rateLimit":{"requests":5,"perSeconds":60}"#, #""maxConcurrency":1000"#, #""ordering":"resource""#,
        #""description":"quote \" and \\ and é""#, #""metadata":{"a":"","b":"2"}"#,
        #""authentication":{"type":"header","name":"AUTH_TOKEN","value":"••••9876"}"#,
    ]

    @Test("Every member is stored and read back")
    func readBack() async throws {
        try await withAPI { api, _ in
            for member in Self.readBackTable {
                let sent = member.replacing("••••9876", with: "secret-9876")
                let id = try await api.makeWebhook(sent).string("id") ?? ""
                let got = try await api.send(.get, "/company/webhooks/\(id)")
                let wanted = try JSONDocument(parsing: Array("{\(member)}".utf8)).root.members.first
                #expect(try got.value(wanted?.name ?? "")?.canonicalBytes == wanted?.value.canonicalBytes)
                // What GET gave can be sent back, and nothing has changed by it.
                let put = try await api.send(.put, "/company/webhooks/\(id)", got.text)
                #expect(put.status == 200, "\(put.text)")
                #expect(
                    put.text.replacing(/"updatedAt":"[^"]*"/, with: "")
                        == got.text.replacing(/"updatedAt":"[^"]*"/, with: ""))
            }
        }
    }

    private static let badBodiesTable: [(String, String, Int)] = [
        ("{", "application/json", 400), ("", "application/json", 400), (#"{"a":1,}"#, "application/json", 400),
        ("\u{FEFF}{}", "application/json", 400), ("{}", "text/plain", 415),
        ("{}", "application/merge-patch+json", 415),
        ("[]", "application/json", 422), ("null", "application/json", 422), ("{}", "application/json", 422),
        (String(repeating: "[", count: 65), "application/json", 422),
        ("\"" + String(repeating: "a", count: 600_000) + "\"", "application/json", 413),
    ]

    @Test("Bodies that are no JSON, of another type, or say too much")
    func badBodies() async throws {
        try await withAPI { api, _ in
            for (body, type, status) in Self.badBodiesTable {
                let answer = try await api.send(.post, "/company/webhooks", body, type: type)
                #expect(answer.status == status, "\(body.prefix(80)) \(type)")
                #expect(answer.headers[.contentType] == "application/problem+json")
                for member in ["type", "title", "detail", "code", "requestId"] {
                    #expect(try answer.string(member) != nil, "\(member)")
                }
                #expect(try answer.value("status")?.integer == Int64(status))
            }
        }
    }

    @Test("A 422 names every fault, and nothing is stored")
    func faults() async throws {
        try await withAPI { api, _ in
            let body = #"{"url":"https://127.0.0.1/","events":["order-creatd"],"isEnbled":true,"headers":{"host":"x"}}"#
            let answer = try await api.send(.post, "/company/webhooks", body)
            #expect(answer.status == 422)
            #expect(
                try answer.faults == [
                    "events[0] unknown_event", "headers.host forbidden_header", "isEnbled unknown_member",
                    "name required",
                    "url forbidden_address",
                ])
            #expect(answer.text.contains("order-created"))  // the near name
            #expect(try await api.send(.get, "/company/webhooks").ids.isEmpty)
        }
    }

    @Test("A tenant has no more webhooks than it may, whoever comes at the same time")
    func limit() async throws {
        try await withAPI { api, database in
            try await api.makeTenant("small", settings: #"{"maxWebhooks":3}"#)
            let small = api.with { $0.tenant = "small" }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await small.send(.post, "/company/webhooks", TestAPI.body("")).status }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [201: 3, 422: 5])
            #expect(try await small.send(.get, "/company/webhooks").ids.count == 3)
            #expect(try await database.count("webhook_secrets") == 3)
        }
    }
}
