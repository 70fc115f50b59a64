import Crypto
import Dressing
import JSON
import Testing
import Webhooks

@Suite struct CrystallizeDressTests {
    private func prepare(_ change: (inout WebhookConfiguration) -> Void = { _ in }) throws -> PreparedWebhook {
        try Sample.prepare {
            $0.dialect = .crystallize
            change(&$0)
        }
    }

    private func claims(_ request: DressedRequest) throws -> JSONValue {
        let parts = try #require(request.header("x-crystallize-signature")).split(separator: ".")
        #expect(parts.count == 3)
        let text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
        return try JSONDocument(parsing: #require(Base64.decode(text))).root
    }

    private func verify(_ request: DressedRequest, _ url: String, secret: String = Sample.tenantSecret) throws {
        let challenge = CrystallizeChallenge(url: url, method: request.method)
        let hmac = request.body.map { challenge.hmac(body: $0) } ?? challenge.hmac(receivedURL: request.url)
        try CrystallizeSignature(secret: secret).verify(
            #require(request.header("x-crystallize-signature")), hmac: #require(hmac), now: Sample.now)
    }

    private static let wh = "https://example.com/wh"

    @Test(
        "Which members of the data are parameters: as JSON.parse reads them",
        arguments: [
            (#"{"a":1,"a":{"b":2}}"#, ""), (#"{"a":{},"b":2,"a":1}"#, #","a":1,"b":2"#),
            ("{\"\u{E9}\":1,\"e\u{301}\":2}", ",\"\u{E9}\":1,\"e\u{301}\":2"),
        ])
    func parameters(data: String, shown: String) throws {
        let request = Sample.dress(Sample.event(data: data), for: try prepare())
        let head = #"{"id":"68e4","tenantId":"acme","webhookId":"wbh_01K6Z818A80000000000000002","type":"order""#
        #expect(request.body == Array("\(head)\(shown)}".utf8), "\(request.text)")
    }

    @Test func theWholeRequest() throws {
        let request = Sample.dress(for: try prepare())
        let body =
            #"{"id":"68e4","tenantId":"acme","webhookId":"wbh_01K6Z818A80000000000000002","type":"order","#
            + #""name":"Bård","gross":10.1125}"#
        #expect(request.text == body)
        #expect(
            request.headers.map(\.name) == [
                "x-crystallize-signature", "x-martlet-body-hmac", "x-martlet-event", "x-martlet-delivery",
                "x-martlet-attempt", "x-martlet-triggered-at", "user-agent", "content-type", "x-martlet-webhook",
            ])
        let claims = try claims(request)
        #expect(
            claims.members.map(\.name) == [
                "aud", "sub", "iss", "iat", "exp", "tenantId", "tenantIdentifier", "hmac",
            ])
        #expect(claims.member("aud")?.string == "webhook" && claims.member("sub")?.string == "signature")
        #expect(claims.member("iss")?.string == "crystallize" && claims.member("tenantId")?.string == "acme")
        #expect(claims.member("tenantIdentifier")?.string == "acme")
        #expect(claims.member("iat")?.integer == 1_759_837_800 && claims.member("exp")?.integer == 1_759_838_100)
        let challenge = #"{"url":"https://example.com/wh","method":"POST","body":\#(body)}"#
        let hash = SHA256.hash(data: Array(challenge.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(claims.member("hmac")?.string == hash.joined())
        let key = SymmetricKey(data: Array(Sample.tenantSecret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: key)
        #expect(
            request.header("x-martlet-body-hmac")
                == code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        try verify(request, Self.wh)
    }

    @Test func theLifetimeIsASetting() throws {
        let request = Dresser(signatureLifetime: .seconds(40)).dress(
            Sample.event(), for: try prepare(), deliveryID: nil, at: Sample.now)
        #expect(try claims(request).member("exp")?.integer == 1_759_837_840)
    }

    @Test func aChangedRequestIsNotTrusted() throws {
        let request = Sample.dress(for: try prepare())
        let token = try #require(request.header("x-crystallize-signature"))
        let body = try #require(request.body)
        func failure(
            _ body: [UInt8], _ token: String, _ secret: String, url: String = Self.wh, method: String = "POST",
            at instant: Instant = Sample.now
        ) -> CrystallizeSignature.Failure? {
            let hmac = CrystallizeChallenge(url: url, method: method).hmac(body: body) ?? ""
            do throws(CrystallizeSignature.Failure) {
                try CrystallizeSignature(secret: secret).verify(token, hmac: hmac, now: instant)
                return nil
            } catch { return error }
        }
        let secret = Sample.tenantSecret
        #expect(failure(body, token, secret) == nil)
        #expect(failure(Array(body.map { $0 == UInt8(ascii: "5") ? 0x36 : $0 }), token, secret) == .otherContent)
        #expect(failure(body, token, secret, url: Self.wh + "/") == .otherContent)
        #expect(failure(body, token, secret, method: "PUT") == .otherContent)
        #expect(failure(body, token, "of another tenant") == .mismatch)
        #expect(failure(body, token, secret, at: Sample.now + .seconds(300)) == .expired)
        #expect(failure(body, String(token.dropLast(3)), secret) == .mismatch)
        #expect(failure(body, "a.b", secret) == .malformed)
        let none = "eyJhbGciOiJub25lIn0." + token.split(separator: ".")[1] + "."
        #expect(failure(body, none, secret) == .otherAlgorithm)
    }

    @Test(
        "Bodies are as JSON.stringify writes them, whatever came",
        arguments: [
            (#"{"a":1.0,"b":1e2,"c":-0,"d":12345678901234567890}"#, #""a":1,"b":100,"c":0,"d":12345678901234567000"#),
            (#"{"s":"\u00e5\/\u0041","n":null,"t":true}"#, #""s":"å/A","n":null,"t":true"#),
            (#"{"a":1,"b":2,"a":3,"o":{},"l":[]}"#, #""a":3,"b":2"#),
        ])
    func canonicalBodies(data: String, expected: String) throws {
        let request = Sample.dress(Sample.event(data: data), for: try prepare())
        #expect(request.text?.hasSuffix(#""type":"order",\#(expected)}"#) == true)
        try verify(request, Self.wh)
    }

    @Test("Names that are indices come first", arguments: [#"{"b":1,"10":2,"9":3}"#])
    func indices(data: String) throws {
        let request = Sample.dress(Sample.event(data: data), for: try prepare())
        #expect(request.text?.hasPrefix(#"{"9":3,"10":2,"id":"#) == true)
        try verify(request, Self.wh)
    }

    @Test func aTypeInTheDataWins() throws {
        let data = #"{"id":"x","type":"folder","tenantId":"x","webhookId":1}"#
        let event = Sample.event(type: "product-created", data: data)
        let text = try #require(Sample.dress(event, for: try prepare()).text)
        #expect(text == #"{"id":"68e4","tenantId":"acme","webhookId":"\#(Sample.webhookID)","type":"folder"}"#)
        let plain = Sample.event(type: "product-created", resourceID: nil, data: "{}")
        #expect(
            Sample.dress(plain, for: try prepare()).text
                == #"{"id":null,"tenantId":"acme","webhookId":"\#(Sample.webhookID)","type":"product"}"#)
    }

    @Test(
        "The URL is hashed in its normal form, and sent as it was given",
        arguments: [
            ("HTTPS://Example.COM:443/a/../b?x=%C3%A5&y='", "https://example.com/b?x=%C3%A5&y=%27"),
            ("http://example.com", "http://example.com/"), ("http://0x7f.1:80?a", "http://127.0.0.1/?a"),
        ])
    func urls(given: String, hashed: String) throws {
        let request = Sample.dress(for: try prepare { $0.url = given })
        #expect(request.url == given)
        try verify(request, hashed)
    }

    @Test func aGETIsHashedWithItsAppendedMembers() throws {
        let given = "https://example.com/wh?type=x&a=%20"
        let webhook = try prepare {
            $0.method = .GET
            $0.url = given
        }
        let data = #"{"id":"x","name":"B&d \ud800","10":1.50,"t":true,"n":null,"__proto__":"p"}"#
        let request = Sample.dress(Sample.event(data: data), for: webhook)
        #expect(
            request.url == given + "&id=68e4&tenantId=acme&webhookId=\(Sample.webhookID)&name=B%26d%20%EF%BF%BD"
                + "&10=1.5&t=true&n=null&__proto__=p")
        #expect(request.header("x-martlet-body-hmac") == CrystallizeSignature(secret: Sample.tenantSecret).code(of: []))
        try verify(request, given)
        let members = [
            ("10", "1.5"), ("id", "68e4"), ("tenantId", "acme"), ("webhookId", Sample.webhookID),
            ("name", "B&d \u{FFFD}"), ("t", "true"), ("n", "null"),
        ].map { #""\#($0.0)":"\#($0.1)""# }.joined(separator: ",")
        let challenge = CrystallizeChallenge(url: given, method: "GET")
        #expect(try claims(request).member("hmac")?.string == challenge.hmac(body: Array("{\(members)}".utf8)))
    }

    @Test func aGETThatAppendsNothingHasNoBody() throws {
        let given = "https://example.com/wh?id=1&tenantId=2&webhookId=3&type=4"
        let webhook = try prepare {
            $0.method = .GET
            $0.url = given
        }
        let request = Sample.dress(Sample.event(data: "{}"), for: webhook)
        #expect(request.url == given)
        let challenge = CrystallizeChallenge(url: given, method: "GET")
        #expect(try claims(request).member("hmac")?.string == challenge.hmac(body: []))
    }

    @Test func deepDataIsDressed() throws {
        let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        let request = Sample.dress(for: try prepare(), queryResult: #"{"a":{"b": \#(deep)}}"#)
        #expect(request.text == #"{"a":{"b":\#(deep)}}"#)
    }
}
