import Curl
import HTTPTypes
import JSON
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("The preview of a payload")
struct PreviewTests {
    private func preview(_ api: TestAPI, _ members: String) async throws -> Answer {
        try await api.send(.post, "/company/webhooks/preview", #"{"event":"order-created"\#(members)}"#)
    }

    private func text(_ query: String) -> String { #","payloadQuery":"\#(query)""# }

    @Test("A sample shows what a test send sends", arguments: ["standard", "crystallize", "shopery"])
    func sample(dialect: String) async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: AddressPolicy(allow: ["127.0.0.0/8"])) { api, _ in
            try await api.makeTenant("plain", settings: #"{"allowHTTP":true}"#)
            let plain = api.with { $0.tenant = "plain" }
            for shape in [
                text("query ($id: ID!) { order { get(id: $id) { id total { gross } } } }"),
                text("{ order { get(id: 7) { id } } }") + #","preserveDefaultPayload":true"#,
            ] {
                let members = #","dialect":"\#(dialect)""# + shape
                let shown = try await preview(plain, members)
                #expect(shown.status == 200 && shown.text.contains(#""errors":[]"#), "\(shown.text)")
                let sent = try await plain.send(
                    .post, "/company/webhooks/test",
                    #"{"name":"w","url":"\#(receiver.url())","events":["order-created"]\#(members)}"#)
                #expect(try sent.value("ok")?.bool == true, "\(sent.text)")
                let body = try #require(receiver.requests.last?.bodyText)
                // The id, the time and the webhook are new each time.
                let changing = /"(id|timestamp|webhookId|tenantId)":"[^"]*"/
                let payload = try #require(try shown.string("payload"))
                #expect(payload.replacing(changing, with: "") == body.replacing(changing, with: ""))
            }
        }
    }

    @Test("The newest event shows its own data; without any, and without the permission, that is told")
    func newest() async throws {
        try await withAPI { api, database in
            let none = try await preview(api, #","source":"newest""#)
            #expect(none.status == 200 && none.text.contains(#""payload":null"#))
            #expect(none.text.contains(#""field":"source""#))
            _ = try await History.seed(api, database)
            let query = text("query ($id: ID!) { order { get(id: $id) { total customer { firstName } } } }")
            let shown = try await preview(api, #","source":"newest""# + query)
            let expected = #"{"order":{"get":{"total":10.1125,"customer":{"firstName":"Bård"}}}}"#
            #expect(try shown.string("payload") == expected)
            #expect(try shown.string("resourceId") == "o1")
            let cut = try await preview(api, #","source":"newest","dialect":"shopery","fields":["id","total"]"#)
            #expect(try cut.string("payload") == #"{"id":"o1","total":10.1125}"#)
            let token = try TestAPI.token(tenants: ["acme"], permissions: [.webhooksWrite])
            let writer = api.with { $0.token = token }
            #expect(try await preview(writer, "").status == 200)
            let refused = try await preview(writer, #","source":"newest""#)
            #expect(refused.status == 403 && refused.text.contains("events:read"))
        }
    }

    @Test(
        "What is wrong with a query stands in the answer, with its place",
        arguments: [
            ("mutation { x }", "Line 1, column 1: "), ("{\\n  order { get(id: 1 { id } }\\n}", "Line 2, column 21: "),
            ("{ nothing { get(id: 1) { id } } }", "Line 1, column 3: "),
            ("query ($absent: ID!) { order { get(id: $absent) { id } } }", "$absent"),
        ])
    func faults(query: String, expected: String) async throws {
        try await withAPI { api, _ in
            let answer = try await preview(api, text(query))
            #expect(answer.status == 200 && answer.text.contains(#""payload":null"#), "\(answer.text)")
            let fault = try #require(try answer.value("errors")?.elements.first)
            #expect(fault.member("field")?.string == "payloadQuery")
            #expect(fault.member("detail")?.string?.contains(expected) == true, "\(answer.text)")
        }
    }

    @Test(
        "What cannot be asked",
        arguments: [
            (#","payloadQuery":1"#, "payloadQuery wrong_type"), (#","source":"all""#, "source unknown_value"),
            (#","url":"https://a.example/""#, "url unknown_member"), (#","dialect":"x""#, "dialect unknown_value"),
        ])
    func refused(members: String, expected: String) async throws {
        try await withAPI { api, _ in
            let answer = try await preview(api, members)
            #expect(try answer.status == 422 && answer.faults == [expected])
            let unknown = try await api.send(.post, "/company/webhooks/preview", #"{"event":"no-such"}"#)
            #expect(try unknown.faults == ["event unknown_event"])
        }
    }
}
