import HTTPTypes
import Testing
import Webhooks

@testable import APIService

/// What inspectors say of signatures; of dialect `crystallize` by the requests that its own library is tested with.
@Suite("Verdicts on signatures")
struct SignatureVerdictTests {
    private static let url = "https://a17e-2601-645-4500-330-b07d-351d-ece7-41c1.ngrok.io/test/signature"
    private static let body = #"""
        {"item":{"get":{"id":"63f2d3b2a94533f79fc6397b","createdAt":"2023-02-20T01:58:10.000Z","up\#
        datedAt":"2023-02-23T07:58:34.685Z","name":"test"}}}
        """#
    private static let token = """
        eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJ3ZWJob29rIiwic3ViIjoic2lnbmF0dXJlIiwiaXNzIjoiY3J\
        5c3RhbGxpemUiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6NDEwMjQ0NDgwMCwidGVuYW50SWQiOiI2MWY5OTM3YzNiNjNjODM\
        4NmVhOWUxNTMiLCJ0ZW5hbnRJZGVudGlmaWVyIjoiYWNtZSIsImhtYWMiOiIxMTAxYjM0ZGFjOGM1NWU1NTkwYTM3MjcxZjF\
        jNDFjM2Q3NDU0NjM4NTQ2MTM0OTRhMTYyNGExNWJlMjRmMWY4In0.CgZ-hMyjfLUBttm7fgUQaPRaKogUb9KVipdLqr-nVhw
        """
    private static let day = Instant(milliseconds: 1_700_000_000_000)

    private func verdict(
        _ dialect: Dialect, url: String = url, secret: String = "xXx", method: HTTPRequest.Method = .post,
        target: String = "/inspect/x", headers: [String: String], body: String = body, now: Instant = day
    ) -> SignatureVerdict {
        var fields = HTTPFields()
        for (name, value) in headers { HTTPField.Name(name).map { fields[$0] = value } }
        let sender = SignatureVerdict.Sender(
            configuration: WebhookConfiguration(name: "w", url: url, events: ["*"]), dialect: dialect,
            secrets: WebhookSecrets(
                signing: [WebhookSecrets.Signing("a-shopery-secret-1")], tenantSignature: secret))
        return SignatureVerdict(
            of: .init(method: method, target: target, headers: fields, body: Array(body.utf8)), by: sender, now: now)
    }

    @Test("Crystallize: of this URL, method, body, secret and time, and of no other")
    func crystallize() {
        let signed = ["x-crystallize-signature": Self.token]
        #expect(verdict(.crystallize, headers: signed).verdict == .valid)
        let wrong = [
            verdict(.crystallize, url: Self.url + "/", headers: signed),
            verdict(.crystallize, secret: "xXy", headers: signed),
            verdict(.crystallize, method: .put, headers: signed),
            verdict(.crystallize, headers: signed, body: Self.body.replacing("test", with: "best")),
            verdict(.crystallize, headers: signed, body: "no JSON"),
            verdict(.crystallize, headers: signed, now: Instant(milliseconds: 4_200_000_000_000)),
            verdict(.crystallize, headers: ["x-crystallize-signature": "a.b"]),
        ]
        #expect(wrong.allSatisfy { $0.verdict == .invalid && $0.detail != nil })
        #expect(Set(wrong.map(\.detail)).count == 5, "each says why")
    }

    @Test("Crystallize: a GET is hashed by the webhook's own URL and what was appended")
    func crystallizeGET() {
        let token = """
            eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJ3ZWJob29rIiwic3ViIjoic2lnbmF0dXJlIiwiaXNzIjoiY3J\
            5c3RhbGxpemUiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6NDEwMjQ0NDgwMCwidGVuYW50SWQiOiI2MWY5OTM3YzNiNjNjODM\
            4NmVhOWUxNTMiLCJ0ZW5hbnRJZGVudGlmaWVyIjoiYWNtZSIsImhtYWMiOiI2MWNlN2EyZTUwNzI5MDBhMTMzNjlhYzdmNjl\
            iOWUwNTZlOTFjMzhjNDJmMWJmZTk0Mzg5YzgwNDExZDk0Yjc4In0.BIF8pT5NQoONUO0EOjxEoR2BeE-D6FHgxWXp-q-mpIg
            """
        let headers = ["x-crystallize-signature": token]
        let url = "https://webhook.site/b56870a7-9600-41a6-86a0-98be0c7532fd"
        func get(_ target: String) -> InspectedRequest.Verdict {
            verdict(.crystallize, url: url, method: .get, target: target, headers: headers, body: "").verdict
        }
        let appended = """
            id=65d8fc4ce2ba75beec481ec1&userId=61f9933ec63b0a44d5004c2d&tenantId=61f9937c3b63c8386ea9e153&type=d\
            ocument&language=en
            """
        #expect(get("/inspect/x?" + appended) == .valid)
        #expect(get("/inspect/x?" + appended + "x") == .invalid)
        #expect(get("/inspect/x") == .invalid)
    }

    @Test("A request is judged by its webhook's dialect alone")
    func dialects() {
        let shopery = ["x-shopery-secret": "a-shopery-secret-1"]
        #expect(verdict(.shopery, headers: shopery).verdict == .valid)
        #expect(verdict(.shopery, headers: ["x-shopery-secret": "a-shopery-secret-2"]).verdict == .invalid)
        for dialect in [Dialect.standard, .crystallize] {
            #expect(verdict(dialect, headers: shopery).verdict == .missing)
        }
        #expect(verdict(.standard, headers: ["x-crystallize-signature": Self.token]).verdict == .missing)
    }
}
