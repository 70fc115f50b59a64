import Curl
import Dressing
import HTTPTypes
import JSON
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Dialects at the API")
struct DialectTests {
    private static let loopback = AddressPolicy(allow: ["127.0.0.0/8"])

    @Test(
        "Test sends are signed by the tenant's secret, also after it was rotated", arguments: ["POST", "GET", "DELETE"])
    func crystallize(method: String) async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: Self.loopback) { api, _ in
            let url = receiver.url("/wh?a=1")
            let members = #""url":"\#(url)","dialect":"crystallize","method":"\#(method)""#
            let made = try await api.makeWebhook(members)
            #expect(try made.value("retry.maxAttempts")?.integer == 1)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            for _ in 0..<2 {
                let secret = try #require(
                    try await api.send(.get, "/company/signature-secret").string("signatureSecret"))
                for (path, body) in [(path + "/test", nil), ("/company/webhooks/test", TestAPI.body(members))] {
                    let answer = try await api.send(.post, path, body)
                    #expect(try answer.status == 200 && answer.value("ok")?.bool == true, "\(answer.text)")
                    let request = try #require(receiver.requests.last)
                    let token = try #require(request.header("x-crystallize-signature"))
                    let challenge = CrystallizeChallenge(url: url, method: method)
                    let hmac =
                        method == "GET"
                        ? challenge.hmac(receivedURL: receiver.url(request.target))
                        : challenge.hmac(body: request.body)
                    try CrystallizeSignature(secret: secret).verify(token, hmac: #require(hmac), now: .now)
                    #expect(try answer.value("invocation.request.headers.x-crystallize-signature")?.string == token)
                }
                _ = try await api.send(.post, "/company/signature-secret/rotate")
            }
        }
    }

    @Test("A shopery webhook sends its secret, and history masks it")
    func shopery() async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: Self.loopback) { api, _ in
            let patch = #"{"settings":{"allowHTTP":true,"defaultDialect":"shopery"}}"#
            #expect(try await api.send(.patch, "/admin/tenants/acme", patch).status == 200)
            let secret = "visible-ascii-secret-1234"
            let made = try await api.makeWebhook(
                #""url":"\#(receiver.url())","secret":"\#(secret)","headers":{"x-mine":"readable"}"#)
            #expect(try made.string("dialect") == "shopery" && made.value("retry.maxAttempts")?.integer == 10)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            let answer = try await api.send(.post, path + "/test")
            #expect(receiver.requests.last?.header("x-shopery-secret") == secret)
            #expect(try answer.string("invocation.request.headers.x-shopery-secret") == "••••1234")
            #expect(try answer.string("invocation.request.headers.x-mine") == "readable")
            #expect(!answer.text.contains(secret))
            #expect(try await !api.send(.get, path + "/invocations").text.contains(secret))
            let rotated = try await api.send(.post, path + "/secret/rotate", #"{"secret":"another-ascii-secret"}"#)
            #expect(try rotated.string("secret") == "another-ascii-secret")
            _ = try await api.send(.post, path + "/test")
            #expect(receiver.requests.last?.header("x-shopery-secret") == "another-ascii-secret")
            let body = try JSONDocument(parsing: try #require(receiver.requests.last?.body)).root
            #expect(body.member("total")?.member("gross")?.double == 45.1125)
        }
    }

    @Test(
        "Whether http is taken",
        arguments: [
            ("standard", nil, true), ("crystallize", nil, true), ("shopery", nil, false), ("shopery", true, true),
            ("standard", false, false), ("crystallize", false, false), ("shopery", false, false),
        ] as [(String, Bool?, Bool)])
    func schemes(dialect: String, allowHTTP: Bool?, isTaken: Bool) async throws {
        try await withAPI { api, _ in
            if let allowHTTP {
                let patch = #"{"settings":{"allowHTTP":\#(allowHTTP)}}"#
                #expect(try await api.send(.patch, "/admin/tenants/acme", patch).status == 200)
            }
            let answer = try await api.send(
                .post, "/company/webhooks",
                TestAPI.body(#""url":"http://example.com/","dialect":"\#(dialect)""#))
            #expect(answer.status == (isTaken ? 201 : 422))
            if !isTaken { #expect(try answer.faults == ["url forbidden_scheme"]) }
        }
    }

    @Test("The default payload of a type is that of the tenant's dialect")
    func defaultPayload() async throws {
        try await withAPI { api, _ in
            for (dialect, names) in [
                ("standard", ["id", "type", "timestamp", "resource", "event", "resourceId"]),
                ("crystallize", ["id", "tenantId", "webhookId", "type"]), ("shopery", ["id"]),
            ] {
                let patch = #"{"settings":{"defaultDialect":"\#(dialect)"}}"#
                #expect(try await api.send(.patch, "/admin/tenants/acme", patch).status == 200)
                let payload = try await api.send(.get, "/company/event-types/order-created").value("defaultPayload")
                #expect(Array(payload?.members.map(\.name).prefix(names.count) ?? []) == names)
            }
        }
    }
}
