import HTTPTypes
import JSON
import TestSupport
import Testing

@testable import APIService

@Suite("Tenants over HTTP")
struct TenantRouteTests {
    @Test("A tenant is made, shown, changed and deleted; its identifier is never given again")
    func life() async throws {
        try await withAPI { api, database in
            let made = try await api.makeTenant(
                "shop-1", settings: #"{"maxWebhooks":5,"signatureSecret":"sixteen-letters!"}"#)
            #expect(made.headers[.location] == "/admin/tenants/shop-1")
            #expect(try made.string("settings.signatureSecret") == "sixteen-letters!")
            let path = "/admin/tenants/shop-1"
            let got = try await api.send(.get, path)
            #expect(!got.text.contains("sixteen-letters!"))
            #expect(
                try got.string("settings.defaultDialect") == "standard"
                    && got.string("settings.eventCatalogue") == "closed")
            #expect(try got.value("settings.autoDisableAfterDays")?.integer == 5)
            let patch =
                #"{"name":"Shop","settings":{"maxWebhooks":null,"allowHTTP":false,"rateLimits":{"apiPerSecond":9}}}"#
            let changed = try await api.send(.patch, path, patch, type: "application/merge-patch+json")
            #expect(changed.status == 200, "\(changed.text)")
            #expect(try changed.string("name") == "Shop" && changed.value("settings.allowHTTP")?.bool == false)
            #expect(try changed.value("settings.maxWebhooks")?.isNull == true)
            #expect(try changed.value("settings.rateLimits.apiPerSecond")?.integer == 9)
            let again = try await api.send(.patch, path, changed.text)
            #expect(
                again.text.replacing(/"updatedAt":"[^"]*"/, with: "")
                    == changed.text.replacing(/"updatedAt":"[^"]*"/, with: ""))
            let shop = api.with { $0.tenant = "shop-1" }
            #expect(
                try await shop.send(.post, "/company/webhooks", TestAPI.body(#""url":"http://test.com""#)).faults == [
                    "url forbidden_scheme"
                ])
            _ = try await shop.makeWebhook()
            #expect(try await api.send(.delete, path).status == 204)
            for method in [HTTPRequest.Method.get, .delete] { #expect(try await api.send(method, path).status == 404) }
            #expect(try await shop.send(.get, "/company/webhooks").status == 403)
            let taken = try await api.send(.post, "/admin/tenants", #"{"identifier":"shop-1","name":"x"}"#)
            #expect(taken.status == 409)
        }
    }

    @Test("A generated signature secret is shown once")
    func secret() async throws {
        try await withAPI { api, _ in
            let made = try await api.makeTenant("fresh")
            #expect(try made.string("settings.signatureSecret")?.count == 44)
            #expect(try await api.send(.get, "/admin/tenants").text.contains("signatureSecret") == false)
        }
    }

    private static let faultsTable: [(String, [String])] = [
        ("{}", ["identifier required", "name required"]),
        (#"{"identifier":"A","name":"x"}"#, ["identifier invalid"]),
        (#"{"identifier":"-a","name":"x"}"#, ["identifier invalid"]),
        (#"{"identifier":"","name":""}"#, ["identifier too_short", "name too_short"]),
        (#"{"identifier":"\#(letters(64))","name":"x"}"#, ["identifier too_long"]),
        (#"{"identifier":1,"name":2}"#, ["identifier wrong_type", "name wrong_type"]),
        (#"{"identifier":"b","name":"x","extra":1}"#, ["extra unknown_member"]),
        (#"{"identifier":"b","name":"x","settings":[]}"#, ["settings wrong_type"]),
        (
            #"{"identifier":"b","name":"x","settings":{"defaultDialect":"x","allowHTTP":1,"maxWebhooks":-1,"#
                + #""autoDisableAfterDays":366}}"#,
            [
                "settings.allowHTTP wrong_type", "settings.autoDisableAfterDays out_of_range",
                "settings.defaultDialect unknown_value", "settings.maxWebhooks out_of_range",
            ]
        ),
        (
            #"{"identifier":"b","name":"x","settings":{"signatureSecret":"fifteen-letters"}}"#,
            ["settings.signatureSecret too_short"]
        ),
        (
            #"{"identifier":"b","name":"x","settings":{"rateLimits":{"apiPerSecond":0,"x":1}}}"#,
            ["settings.rateLimits.apiPerSecond out_of_range", "settings.rateLimits.x unknown_member"]
        ),
    ]

    @Test("Faults")
    func faults() async throws {
        try await withAPI { api, _ in
            for (body, faults) in Self.faultsTable {
                let answer = try await api.send(.post, "/admin/tenants", body)
                #expect(answer.status == 422, "\(body)")
                #expect(try answer.faults == faults, "\(body)")
            }
        }
    }

    @Test("Tenants are listed newest first")
    func list() async throws {
        try await withAPI { api, _ in
            for number in 0..<3 { try await api.makeTenant("t\(number)") }
            let first = try await api.send(.get, "/admin/tenants?limit=2")
            let cursor = try #require(try first.string("nextCursor"))
            let second = try await api.send(.get, "/admin/tenants?limit=2&cursor=\(cursor)")
            let names = try [first, second].flatMap {
                try $0.json.member("data")?.elements.compactMap { $0.member("identifier")?.string } ?? []
            }
            #expect(names == ["t2", "t1", "t0", "acme"])
            #expect(try second.value("nextCursor")?.isNull == true)
        }
    }
}
