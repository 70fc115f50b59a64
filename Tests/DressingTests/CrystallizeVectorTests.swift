import Dressing
import JSON
import Testing
import Webhooks

/// Requests that the client library of Crystallize accepts, with the hash and the signature that it accepts them by.
@Suite struct CrystallizeVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let url: String
        let method: String
        /// Of a GET: the URL without what was appended to it.
        var webhookURL: String?
        let body: String?
        let hmac: String
        /// The last part of the token.
        let code: String
        var isFixedPoint = true
    }

    private static let secret = "xXx"

    private static func base64URL(_ text: String) -> String {
        Base64.encode(text.utf8).replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    @Test(arguments: vectors) func hashAndToken(vector: Vector) throws {
        let challenge = CrystallizeChallenge(url: vector.webhookURL ?? vector.url, method: vector.method)
        let hmac =
            vector.webhookURL == nil
            ? challenge.hmac(body: Array((vector.body ?? "").utf8)) : challenge.hmac(receivedURL: vector.url)
        #expect(hmac == vector.hmac)
        let claims =
            #"{"aud":"webhook","sub":"signature","iss":"crystallize","iat":1700000000,"exp":4102444800,"#
            + #""tenantId":"61f9937c3b63c8386ea9e153","tenantIdentifier":"acme","hmac":"\#(vector.hmac)"}"#
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\(Self.base64URL(claims)).\(vector.code)"
        try CrystallizeSignature(secret: Self.secret).verify(
            token, hmac: vector.hmac, now: Instant(milliseconds: 1_700_000_000_000))
    }

    @Test(arguments: vectors) func bodiesThatMartletWouldSend(vector: Vector) throws {
        guard let body = vector.body else { return }
        let canonical = try JSONDocument(parsing: body.utf8).root.ecmaScriptBytes
        #expect((canonical == Array(body.utf8)) == vector.isFixedPoint)
    }

    static let vectors = [
        Vector(
            testDescription: "a query result",
            url:
                "https://a17e-2601-645-4500-330-b07d-351d-ece7-41c1.ngrok.io/test/signature",
            method: "POST",
            body:
                #"{"item":{"get":{"id":"63f2d3b2a94533f79fc6397b","createdAt":"2023-02-20T01:58:10.000Z",""#
                + #"updatedAt":"2023-02-23T07:58:34.685Z","name":"test"}}}"#,
            hmac: "1101b34dac8c55e5590a37271f1c41c3d745463854613494a1624a15be24f1f8",
            code: "CgZ-hMyjfLUBttm7fgUQaPRaKogUb9KVipdLqr-nVhw"),
        Vector(
            testDescription: "GET without members",
            url:
                "https://helloworld.crystallize.app.local",
            method: "GET",
            body: nil,
            hmac: "157bee342a4856e14e964356fef54fd84b3a3508c1071ed674172d3f9b68892f",
            code: "sZw1AKQhfyjyHQgUuXgtkdVbNHD8SYH3gs-zwSyjq5c"),
        Vector(
            testDescription: "GET with members",
            url:
                "https://webhook.site/b56870a7-9600-41a6-86a0-98be0c7532fd?id=65d8fc4ce2ba75beec481ec1&user"
                + "Id=61f9933ec63b0a44d5004c2d&tenantId=61f9937c3b63c8386ea9e153&type=document&language=en",
            method: "GET",
            webhookURL:
                "https://webhook.site/b56870a7-9600-41a6-86a0-98be0c7532fd",
            body: nil,
            hmac: "61ce7a2e5072900a13369ac7f69b9e056e91c38c42f1bfe94389c80411d94b78",
            code: "BIF8pT5NQoONUO0EOjxEoR2BeE-D6FHgxWXp-q-mpIg"),
        Vector(
            testDescription: "a URL with a query",
            url:
                "https://example.com/hook?concern=orders&event=create",
            method: "POST",
            body:
                #"{"orderId":"o1","tenantId":"t1","webhookId":"w1"}"#,
            hmac: "750296a131e4a759f692d7795cd61ee38a1b2cb00b3f9717a0584082552ac5e1",
            code: "JQaEv1F59QyVr__QRKtWFCbc_MLEi2mmeDqZWb4KWBU"),
        Vector(
            testDescription: "white space",
            url:
                "https://example.com/hook",
            method: "POST",
            body:
                #"{\#n  "a": 1,\#n  "b": [1, 2]\#n}"#,
            hmac: "b5a146bf5702a9345f2e94d77c58e5c22f1159a67eaaf399b5966466f54bb9cb",
            code: "a8bvRNiCJpPnOld05mWT3ij8mDMfSQ5YBfcTiGiaf8Q",
            isFixedPoint: false),
        Vector(
            testDescription: "great numbers",
            url:
                "https://example.com/hook",
            method: "POST",
            body:
                #"{"id":12345678901234567890,"safe":9007199254740991}"#,
            hmac: "4ae4c4963d0dad62f073358bcec2c30ff669e5e0f608089a94b8fe71e7adac46",
            code: "1FtF5rcDKOJ8mjPhFY5_05cApsJFsyE-pTBINAZ2rrU",
            isFixedPoint: false),
        Vector(
            testDescription: "a repeated name",
            url:
                "https://example.com/hook",
            method: "PATCH",
            body:
                #"{"a":1,"b":2,"a":3}"#,
            hmac: "f9a3bd71a97ec90ad09b80281db5d31c892c4d52bf1636026f8aef5c23613d03",
            code: "qeG9Ad5DPehqsM_KV5HS1dZ6yoiLMXq2vy1e-csjj3k",
            isFixedPoint: false),
        Vector(
            testDescription: "characters",
            url:
                "https://example.com/hook",
            method: "POST",
            body:
                #"{"n":"Bård Farstad 😀","q":"\"\\"}"#,
            hmac: "510041a9a7410e0f896c6f03aa31fa639ef9004932ab796e41b7183c119061fc",
            code: "r9uOyqx1EpJByGOw_TCUk4RWgysgMNhlR7TwjxLSz8c"),
        Vector(
            testDescription: "null",
            url:
                "https://example.com/hook",
            method: "POST",
            body:
                #"null"#,
            hmac: "9bcc86c66b5ee8573e6ef76914af2810e041c71f4b2c083427acd6965b613641",
            code: "066doDjbfqOCerG5JnoMTPhIhL9TX1Gf66i1m2MHjsM"),
        Vector(
            testDescription: "an order",
            url:
                "https://example.com/hook",
            method: "POST",
            body:
                #"{"order":{"get":{"id":"68e4fe1da9733a66efd88673","createdAt":"2025-10-07T11:48:45.000Z","#
                + #""updatedAt":"2025-10-07T11:48:45.000Z","customer":{"identifier":"bard@crystallize.com",""#
                + #"firstName":"Bård","lastName":"Farstad"},"cart":[{"name":"In Utero","sku":"4958411","quan"#
                + #"tity":1,"price":{"currency":"EUR","gross":35,"net":28}},{"name":"The Best Of The Doors","#
                + #""sku":"3795082","quantity":1,"price":{"currency":"EUR","gross":10.1125,"net":8.09}}],"to"#
                + #"tal":{"currency":"EUR","gross":45.1125,"net":36.09},"pipelines":null}}}"#,
            hmac: "a4ee8f83310a8d28057a65163c0fe93dad41f57c9ac2356102ee6b4e74326afa",
            code: "omJq8QQyP-k-qbhml1EYoqhs5EqOE7-Ajed1Ju1iIgQ"),
    ]
}
