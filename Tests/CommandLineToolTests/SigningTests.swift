import ArgumentParser
import Testing
import Webhooks

@testable import CommandLineTool

@Suite struct SigningTests {
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let time: Int64 = 1_614_265_330

    /// The vectors of Standard Webhooks' reference libraries.
    @Test(arguments: [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    ])
    func aSignatureIsThatOfTheReference(secret: String, signature: String) throws {
        let made = try SigningSecret(parsing: secret).signature(id: Self.id, timestamp: Self.time, body: Self.body)
        #expect(made == signature)
    }

    @Test(arguments: [
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_YQ==", "any text",
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    ])
    func whatWasSignedVerifies(secret: String) throws {
        let key = try SigningSecret(parsing: secret)
        let signature = try key.signature(id: Self.id, timestamp: Self.time, body: Self.body)
        let check = SignatureCheck(secrets: [key], tolerance: nil)
        func fault(_ body: [UInt8], _ time: Int64 = Self.time, _ check: SignatureCheck = check) -> String? {
            check.fault(
                id: Self.id, timestamp: String(time), signature: signature, body: body,
                now: Instant(milliseconds: UInt64(Self.time) * 1000 + 301_000))
        }
        #expect(fault(Self.body) == nil)
        #expect(fault(Self.body + [32]) == "the signature does not match")
        #expect(fault(Self.body, Self.time + 1) == "the signature does not match")
        #expect(fault(Self.body, Self.time, SignatureCheck(secrets: [key])) == "the timestamp is too old")
        let other = try SigningSecret(parsing: "another")
        #expect(fault(Self.body, Self.time, SignatureCheck(secrets: [other], tolerance: nil)) != nil)
    }

    @Test(arguments: ["whsec_no base64!", "whsk_YQ==", "whsk_"])
    func aMalformedSecretIsRefused(secret: String) {
        #expect(throws: CommandFailure.self) { try SigningSecret(parsing: secret) }
    }

    @Test func aRequestWithoutAHeaderIsNotVerified() throws {
        let check = SignatureCheck(secrets: [try SigningSecret(parsing: "secret")])
        let request = ReceivedRequest(
            receivedAt: "", method: "POST", path: "/", headers: ["webhook-id": "a", "webhook-signature": "v1,YQ=="],
            body: "", status: 200)
        #expect(check.fault(of: request, now: .now) == "no webhook-timestamp header")
    }

    // MARK: Other dialects

    private func options(_ arguments: String) throws -> SignatureOptions {
        try SignatureOptions.parse(arguments.split(separator: " ").map(String.init))
    }

    private static let order = Array(#"{"name":"Bård","gross":10.1125}"#.utf8)

    @Test func aTokenVerifies() throws {
        let wh = "--dialect crystallize --secret xXx --url https://example.com/wh"
        let options = try options("\(wh) --method POST")
        let now = Instant(milliseconds: 1_700_000_000_000)
        let token = try options.signature(of: Self.order, now: now)
        func fault(
            _ arguments: String, _ body: [UInt8] = Self.order, token: String = token, at instant: Instant = now
        ) throws -> String? {
            try self.options(arguments).fault(of: token, body: body, tolerance: nil, now: instant)
        }
        #expect(try fault("\(wh) --method POST") == nil)
        #expect(try fault("\(wh) --method POST", Array(#"{ "name":"B\u00e5rd", "gross":10.11250 }"#.utf8)) == nil)
        let mismatch = "the HMAC does not match: it is of another URL, method or body"
        #expect(try fault("\(wh) --method PUT") == mismatch)
        #expect(try fault("\(wh)/ --method POST") == mismatch)
        #expect(try fault("\(wh) --method POST", Self.body) == mismatch)
        #expect(try fault("\(wh) --method POST", []) == mismatch)
        let other = wh.replacing("xXx", with: "yYy")
        #expect(try fault("\(other) --method POST") == "the token was made with another secret, or changed")
        #expect(try fault("\(wh) --method POST", at: now + .seconds(300)) == "the token has expired")
        #expect(try fault("\(wh) --method POST", token: "x") == "the signature is no token")
        #expect(throws: CommandFailure.self) { try options.signature(of: Array("{".utf8)) }
    }

    /// Of the client library of Crystallize's tests.
    @Test func theHashIsThatOfTheReference() throws {
        let url = "https://webhook.site/b56870a7-9600-41a6-86a0-98be0c7532fd"
        let received =
            url + "?id=65d8fc4ce2ba75beec481ec1&userId=61f9933ec63b0a44d5004c2d&tenantId=61f9937c3b63c8386ea9e153"
            + "&type=document&language=en"
        let get = try options("--dialect crystallize --url \(url) --method GET --received-url \(received) --print-hmac")
        let hmac = "61ce7a2e5072900a13369ac7f69b9e056e91c38c42f1bfe94389c80411d94b78"
        #expect(try get.signature(of: []) == hmac)
        let none = try options(
            "--dialect crystallize --url https://helloworld.crystallize.app.local --method GET --print-hmac")
        #expect(
            try none.signature(of: []) == "157bee342a4856e14e964356fef54fd84b3a3508c1071ed674172d3f9b68892f")
    }

    @Test func theSecretOfShoperyIsCompared() throws {
        let options = try options("--dialect shopery --secret visible-ascii-secret")
        #expect(try options.signature(of: Self.order) == "visible-ascii-secret")
        #expect(try options.fault(of: "visible-ascii-secret", body: Self.order, tolerance: nil) == nil)
        #expect(try options.fault(of: "visible-ascii-secre", body: [], tolerance: nil) == "the secret is another")
    }

    @Test("Secrets of other dialects are taken as they are, whatever they look like")
    func plainSecrets() throws {
        for secret in ["whsk_of-a-tenant", "whsec_not-base64!!"] {
            let shopery = try options("--dialect shopery --secret \(secret)")
            #expect(try shopery.signature(of: []) == secret)
            let words = "--dialect crystallize --secret \(secret) --url https://a.example/ --method "
            let token = try options(words + "POST").signature(of: Array("{}".utf8))
            #expect(try options(words + "post").fault(of: token, body: Array("{}".utf8), tolerance: nil) == nil)
            #expect(throws: (any Error).self) {
                try options("--id a --timestamp 1 --secret \(secret)").signature(of: [])
            }
        }
    }

    @Test("Of a GET in dialect standard the appended query was signed", arguments: ["", "?own=1"])
    func standardGET(own: String) throws {
        let secret = StandardWebhooksSecret()
        let now = Instant.now
        let check = SignatureCheck(
            secrets: [try SigningSecret(parsing: secret.text)], url: "http://127.0.0.1:9000/wh" + own)
        let signed = secret.signature(id: "evt_1", timestamp: now.seconds, body: Array("id=1&data=%7B%7D".utf8))
        func fault(_ query: String) -> String? {
            check.fault(
                of: ReceivedRequest(
                    receivedAt: "", method: "GET", path: "/wh" + own + (own.isEmpty ? "?" : "&") + query,
                    headers: [
                        "webhook-id": "evt_1", "webhook-timestamp": "\(now.seconds)", "webhook-signature": signed,
                    ], body: "", status: 200),
                now: now)
        }
        #expect(fault("id=1&data=%7B%7D") == nil)
        #expect(fault("id=2&data=%7B%7D") != nil)
    }

    @Test func aReceiverChecksEveryDialect() throws {
        let check = SignatureCheck(secrets: [try SigningSecret(parsing: "first"), try SigningSecret(parsing: "second")])
        func fault(_ headers: [String: String], method: String = "POST", path: String = "/wh?a=1") -> String? {
            check.fault(
                of: ReceivedRequest(
                    receivedAt: "", method: method, path: path, headers: headers,
                    body: method == "GET" ? "" : #"{"a":1}"#, status: 200),
                now: .now)
        }
        #expect(fault(["x-shopery-secret": "second"]) == nil)
        #expect(fault(["x-shopery-secret": "third"]) == "the secret is another")
        let post = try options(
            "--dialect crystallize --secret second --url http://127.0.0.1:9000/wh?a=1 --method POST")
        let field = "x-crystallize-signature"
        let token = try post.signature(of: Array(#"{"a":1}"#.utf8))
        #expect(fault([field: token, "host": "127.0.0.1:9000"]) == nil)
        #expect(fault([field: token, "host": "127.0.0.1:9001"])?.hasPrefix("the HMAC does not match") == true)
        let get = try options(
            "--dialect crystallize --secret first --url http://127.0.0.1:9000/wh --method GET "
                + "--received-url http://127.0.0.1:9000/wh?a=1")
        #expect(fault([field: try get.signature(of: []), "host": "127.0.0.1:9000"], method: "GET") == nil)
    }
}
