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
}
