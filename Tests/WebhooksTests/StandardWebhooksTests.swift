import Testing
import Webhooks

/// Vectors are those of the Standard Webhooks 1.0.0 reference libraries.
@Suite struct StandardWebhooksTests {
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let time: Int64 = 1_614_265_330
    private let body = Array(#"{"test": 2432232314}"#.utf8)
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    private let privateKey =
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
    private let publicKey = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
    private let publicSignature =
        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="

    @Test func vectors() throws {
        let symmetric = try #require(StandardWebhooksSecret(secret))
        #expect(symmetric.signature(id: id, timestamp: time, body: body) == signature)
        #expect(symmetric.text == secret)
        let pair = try #require(StandardWebhooksKeyPair(privateKey))
        #expect(try pair.signature(id: id, timestamp: time, body: body) == publicSignature)
        #expect(pair.text == privateKey)
        #expect(pair.publicKey.text == publicKey)
    }

    private func verify(
        _ signature: String, id: String? = nil, timestamp: String? = nil, body: [UInt8]? = nil, now: Int64? = nil,
        tolerance: Duration? = .seconds(300)
    ) throws(StandardWebhooksVerifier.Failure) {
        let verifier = StandardWebhooksVerifier(
            secrets: [StandardWebhooksSecret(), StandardWebhooksSecret(secret)].compactMap { $0 },
            publicKeys: [StandardWebhooksPublicKey(publicKey)].compactMap { $0 }, tolerance: tolerance)
        try verifier.verify(
            id: id ?? self.id, timestamp: timestamp ?? "\(time)", signature: signature, body: body ?? self.body,
            now: Instant(microseconds: (now ?? time) * 1_000_000))
    }

    @Test func rightSignatures() throws {
        try verify(signature)
        try verify(publicSignature)
        try verify("v1,AAAA \(signature)")
        // A stranger's many entries cost no more than a few.
        let many = String(repeating: "v1,AAAA ", count: 16)
        #expect(throws: StandardWebhooksVerifier.Failure.mismatch) { try verify(many + signature) }
        try verify("v2,abc v1a,xyz= \(signature)")
        try verify(String(signature.dropLast()))
        try verify(signature, now: time + 300)
        try verify(signature, now: time - 300)
        try verify(signature, now: time + 1_000_000, tolerance: nil)
    }

    @Test(
        "Signatures that prove nothing",
        arguments: [
            ("v1,AAAA", .mismatch), ("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", .mismatch),
            ("v1a,AAAA", .mismatch), ("v1,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe4=", .mismatch),
            ("v1,", .noUsableSignature), ("", .noUsableSignature), (" , ,", .noUsableSignature),
            ("v1,!!!!", .noUsableSignature), ("v3,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", .noUsableSignature),
            ("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", .noUsableSignature),
        ] as [(String, StandardWebhooksVerifier.Failure)])
    func wrongSignatures(signature: String, failure: StandardWebhooksVerifier.Failure) {
        #expect(throws: failure) { try verify(signature) }
    }

    @Test func changedMessages() {
        #expect(throws: StandardWebhooksVerifier.Failure.mismatch) { try verify(signature, id: "msg_other") }
        #expect(throws: StandardWebhooksVerifier.Failure.mismatch) { try verify(signature, body: body + [0x20]) }
        #expect(throws: StandardWebhooksVerifier.Failure.mismatch) { try verify(publicSignature, body: []) }
        #expect(throws: StandardWebhooksVerifier.Failure.mismatch) { try verify(signature, timestamp: "\(time + 1)") }
        #expect(throws: StandardWebhooksVerifier.Failure.tooOld) { try verify(signature, now: time + 301) }
        #expect(throws: StandardWebhooksVerifier.Failure.tooNew) { try verify(signature, now: time - 301) }
        for timestamp in ["", "x", "-1", "1614265330.5", "99999999999999999999"] {
            #expect(throws: StandardWebhooksVerifier.Failure.malformedTimestamp) {
                try verify(signature, timestamp: timestamp)
            }
        }
    }

    @Test(
        "Secrets of 24 to 64 bytes, padded or not",
        arguments: [
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true), ("whsec_" + Base64.encode(bytes(32)), true),
            ("whsec_" + Base64.encode(bytes(32)).dropLast(), true), ("whsec_" + Base64.encode(bytes(64)), true),
            ("whsec_" + Base64.encode(bytes(64)).dropLast(2), true), ("whsec_" + Base64.encode(bytes(23)), false),
            ("whsec_" + Base64.encode(bytes(65)), false), ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
            ("whsec_", false), ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!", false),
            ("WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", false),
        ])
    func secrets(text: String, isValid: Bool) {
        #expect((StandardWebhooksSecret(text) != nil) == isValid)
    }

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) } }

    @Test func newKeysDifferAndComeBack() throws {
        let one = StandardWebhooksSecret()
        #expect(one.text != StandardWebhooksSecret().text)
        #expect(one.text.count == 6 + 44)
        #expect(StandardWebhooksSecret(one.text)?.text == one.text)
        let pair = StandardWebhooksKeyPair()
        #expect(StandardWebhooksKeyPair(pair.text)?.publicKey.text == pair.publicKey.text)
        #expect(StandardWebhooksPublicKey(pair.publicKey.text) != nil)
    }

    @Test func malformedPairs() {
        #expect(StandardWebhooksKeyPair(String(privateKey.dropLast(8))) == nil)
        #expect(StandardWebhooksKeyPair("whsk_" + Base64.encode(Self.bytes(64))) == nil)  // halves that do not match
        #expect(StandardWebhooksKeyPair("whsk_" + Base64.encode(Self.bytes(32))) != nil)
        #expect(StandardWebhooksPublicKey("whpk_" + Base64.encode(Self.bytes(31))) == nil)
    }

    @Test(
        "Base 64",
        arguments: [
            ("", []), ("Zg==", [0x66]), ("Zg", [0x66]), ("Zg=", [0x66]), ("Zm8=", [0x66, 0x6F]),
            ("Zm9v", [0x66, 0x6F, 0x6F]), ("+/+/", [0xFB, 0xFF, 0xBF]), ("Z", nil), ("Zg===", nil), ("Zh==", nil),
            ("Zm9v=", nil), ("Zm9v====", nil), ("Z=g=", nil), ("-_-_", nil), ("Zm 9v", nil), ("Zm9é", nil),
        ] as [(String, [UInt8]?)])
    func base64(text: String, expected: [UInt8]?) {
        #expect(Base64.decode(text) == expected)
        if let expected, text.count % 4 == 0 { #expect(Base64.encode(expected) == text) }
    }
}
