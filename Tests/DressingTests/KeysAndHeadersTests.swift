import Dressing
import Testing
import Webhooks

/// What a request is signed with, and what a tenant adds to it.
@Suite struct KeysAndHeadersTests {
    private let old = StandardWebhooksSecret()
    private let pair = StandardWebhooksKeyPair()

    private func entries(_ request: DressedRequest) -> [Substring] {
        request.header("webhook-signature")?.split(separator: " ") ?? []
    }

    @Test func bothSecretsSignWhileOneReplacesTheOther() throws {
        let until = Sample.now + .seconds(10)
        let webhook = try Sample.prepare(
            secrets: WebhookSecrets(signing: [.init(Sample.secret), .init(old.text, validUntil: until)]))
        let body = Array(Sample.body.utf8)
        let both = entries(Sample.dress(for: webhook))
        #expect(both.count == 2)
        #expect(both.first == "v1,dU1Z0vAOxAiujserLTmTbBB6A6JyOfEIMuCKDxPQuCo=")
        #expect(both.last.map(String.init) == old.signature(id: Sample.eventID, timestamp: 1_759_837_800, body: body))
        #expect(entries(Sample.dress(for: webhook, at: until)).count == 1)
    }

    @Test func publicKeySignatures() throws {
        let secrets = WebhookSecrets(signing: [.init(Sample.secret)], ed25519: [.init(pair.text)])
        let both = try Sample.prepare(secrets: secrets) { $0.signatures = [.v1, .v1a] }
        #expect(entries(Sample.dress(for: both)).map { $0.prefix { $0 != "," } } == ["v1", "v1a"])
        let one = try Sample.prepare(secrets: secrets) { $0.signatures = [.v1a] }
        let request = Sample.dress(for: one)
        #expect(entries(request).map { $0.prefix { $0 != "," } } == ["v1a"])
        try StandardWebhooksVerifier(secrets: [], publicKeys: [pair.publicKey]).verify(
            id: Sample.eventID, timestamp: "1759837800", signature: #require(request.header("webhook-signature")),
            body: Array(Sample.body.utf8), now: Sample.now)
        let unused = try Sample.prepare(secrets: secrets)
        #expect(entries(Sample.dress(for: unused)).count == 1)
    }

    @Test func aSecretOfAnotherDialectSignsWithItsBytes() throws {
        let webhook = try Sample.prepare(secrets: WebhookSecrets(signing: [.init("shopery plain secret!")]))
        #expect(entries(Sample.dress(for: webhook)) == ["v1,rH3dF9ypfhR5syFk9al60b5AW/KtBe479St7JOfDvnE="])
    }

    @Test func nothingIsEverUnsigned() {
        #expect(throws: PreparedWebhook.Failure.noSigningKey) {
            try Sample.prepare(secrets: WebhookSecrets(signing: []))
        }
        #expect(throws: PreparedWebhook.Failure.noSigningKey) {
            try Sample.prepare(secrets: WebhookSecrets(signing: [.init(Sample.secret, validUntil: .distantFuture)]))
        }
        #expect(throws: PreparedWebhook.Failure.noSigningKey) {
            try Sample.prepare(secrets: WebhookSecrets(signing: [.init(Sample.secret)])) { $0.signatures = [.v1a] }
        }
        #expect(throws: PreparedWebhook.Failure.malformedKey) {
            try Sample.prepare(secrets: WebhookSecrets(signing: [], ed25519: [.init("whsk_x")])) {
                $0.signatures = [.v1a]
            }
        }
    }

    @Test(
        "Authentication, and what history shows of it",
        arguments: [
            (.bearer(token: "abcdefgh1234"), "authorization", "Bearer abcdefgh1234", "Bearer ••••1234"),
            (
                .basic(username: "Aladdin", password: "open sesame"), "authorization",
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic ••••"
            ),
            (.header(name: "AUTH_TOKEN", value: "abcdefgh1234"), "AUTH_TOKEN", "abcdefgh1234", "••••1234"),
            (.header(name: "AUTH_TOKEN", value: "short"), "AUTH_TOKEN", "short", "••••"),
        ] as [(WebhookAuthentication, String, String, String)])
    func authentication(value: WebhookAuthentication, name: String, sent: String, shown: String) throws {
        let webhook = try Sample.prepare(
            secrets: WebhookSecrets(signing: [.init(Sample.secret)], authentication: value))
        let request = Sample.dress(for: webhook)
        #expect(request.header(name) == sent)
        let recorded = request.recorded(for: webhook)
        #expect(recorded.headers.contains(HeaderField(name.lowercased(), shown)))
        #expect(!recorded.headers.contains { $0.value == Array(sent.utf8) })
    }

    @Test(
        "A token is added when the request is sent, a certificate is none of its fields",
        arguments: [
            .oauth2(tokenURL: "u", clientID: "c", clientSecret: "s", scope: nil), .mtls(certificate: "c", key: "k"),
        ] as [WebhookAuthentication])
    func outside(value: WebhookAuthentication) throws {
        let secrets = WebhookSecrets(signing: [.init(Sample.secret)], authentication: value)
        let request = Sample.dress(for: try Sample.prepare(secrets: secrets))
        #expect(request.headers.count == Sample.dress(for: try Sample.prepare()).headers.count)
    }

    @Test func fieldsOfTheTenant() throws {
        let secrets = WebhookSecrets(
            signing: [.init(Sample.secret)], authentication: .header(name: "X-Key", value: "proof-of-sender"))
        let webhook = try Sample.prepare(secrets: secrets) {
            $0.headers = [
                "x-b": "å", "x-a": "1", "user-agent": "mine/1", "x-key": "taken", "x-evil": "a\r\nhost: b", "x\n": "1",
            ]
        }
        let request = Sample.dress(for: webhook)
        let own = request.headers.drop { $0.name != "x-martlet-webhook" }.dropFirst().map { "\($0.name): \($0.value)" }
        #expect(own == ["user-agent: mine/1", "x-a: 1", "x-b: å", "X-Key: proof-of-sender"])
        #expect(Set(request.headers.map { $0.name.lowercased() }).count == request.headers.count)
    }
}
