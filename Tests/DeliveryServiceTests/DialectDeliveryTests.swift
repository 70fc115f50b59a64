import Dressing
import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// What a worker sends in dialects that sign with something else than the webhook's own key.
@Suite struct DialectDeliveryTests {
    private static let secret = "the signature secret of the tenant acme"

    /// Replaces the tenant's secret, as the API does.
    private func rotate(_ stage: Stage, to secret: String) async throws {
        let sealed = Stage.keys.seal(Array(secret.utf8), context: stage.tenant.description)
        _ = try await stage.pool.transact(
            SetTenantContext(tenant: stage.tenant), SaveSignatureSecret(id: stage.tenant, sealed: sealed))
        _ = try await stage.pool.execute(NotifyWakes())
    }

    private func isTrusted(_ request: TestSupport.ReceivedRequest, _ receiver: TestReceiver, by secret: String) -> Bool
    {
        let challenge = CrystallizeChallenge(url: receiver.url("/wh?a=1"), method: request.method)
        let hmac =
            request.method == "GET"
            ? challenge.hmac(receivedURL: receiver.url(request.target)) : challenge.hmac(body: request.body)
        guard let hmac, let token = request.header("x-crystallize-signature") else { return false }
        return (try? CrystallizeSignature(secret: secret).verify(token, hmac: hmac, now: .now)) != nil
    }

    @Test("Every method and every attempt is signed", arguments: WebhookConfiguration.Method.allCases)
    func crystallize(method: WebhookConfiguration.Method) async throws {
        try await Stage.run { stage in
            try await rotate(stage, to: Self.secret)
            let receiver = try TestReceiver(answers: .status(500), .ok)
            let webhook = try await stage.webhook(receiver.url("/wh?a=1")) {
                $0.dialect = .crystallize
                $0.method = method
                $0.retry = RetryPolicy(maxAttempts: 2, schedule: [1])
            }
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                let requests = try await receiver.waitForRequests(2)
                #expect(requests.allSatisfy { $0.method == method.rawValue })
                #expect(requests.allSatisfy { isTrusted($0, receiver, by: Self.secret) })
                #expect(requests.allSatisfy { !isTrusted($0, receiver, by: "the secret of another tenant") })
                let code = requests.map { CrystallizeSignature(secret: Self.secret).code(of: $0.body) }
                #expect(requests.map { $0.header("x-martlet-body-hmac") } == code)
                #expect(requests.allSatisfy { $0.header("webhook-signature") == nil })
                if method != .GET {
                    let body = try JSONDocument(parsing: requests[0].body).root
                    #expect(body.members.map(\.name) == ["id", "tenantId", "webhookId", "type", "n"])
                    #expect(body.member("id")?.string == "r0" && body.member("type")?.string == "order")
                }
            }
        }
    }

    /// As a receiver in JavaScript does it, with what came over the wire.
    @Test("Node.js computes the hash of what is received", arguments: [WebhookConfiguration.Method.POST, .GET])
    func nodeJudgesWhatIsReceived(method: WebhookConfiguration.Method) async throws {
        try await Stage.run { stage in
            try await rotate(stage, to: Self.secret)
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url("/wh?a=1")) {
                $0.dialect = .crystallize
                $0.method = method
            }
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                let request = try await receiver.waitForRequests(1)[0]
                try await judge(request, receiver)
            }
        }
    }

    private func judge(_ request: TestSupport.ReceivedRequest, _ receiver: TestReceiver) async throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("url", receiver.url(request.target))
            writer.member("method", request.method)
            writer.member("body", request.bodyText)
            writer.member("token", request.header("x-crystallize-signature"))
            writer.member("code", request.header("x-martlet-body-hmac"))
        }
        let script = """
            const { createHash, createHmac } = require("crypto");
            const r = JSON.parse(require("fs").readFileSync(0, "utf8"));
            const body = {};
            for (const [k, v] of new URL(r.url).searchParams) if (k !== "a") body[k] = v;
            const challenge = r.method === "GET"
              ? { url: r.url.split("&")[0], method: r.method, body }
              : { url: r.url, method: r.method, body: JSON.parse(r.body) };
            const hash = createHash("sha256").update(JSON.stringify(challenge)).digest("hex");
            const [head, claims, code] = r.token.split(".");
            const hmac = data => createHmac("sha256", "\(Self.secret)").update(data);
            console.log([
              JSON.parse(Buffer.from(claims, "base64url")).hmac === hash,
              hmac(head + "." + claims).digest("base64url") === code,
              hmac(r.body).digest("hex") === r.code,
              r.method === "GET" || JSON.stringify(JSON.parse(r.body)) === r.body,
            ].join());
            """
        let node = try await Program.run("/usr/bin/env", ["node", "-e", script], input: writer.text)
        #expect(node.output == "true,true,true,true\n", "\(node.output)")
    }

    @Test func crystallizeIsNotRetriedUnlessSaid() async throws {
        try await Stage.run { stage in
            try await rotate(stage, to: Self.secret)
            let receiver = try TestReceiver(answers: .status(500))
            let webhook = try await stage.webhook(receiver.url("/wh?a=1")) {
                $0.dialect = .crystallize
                $0.retry = nil
            }
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(
                    try await stage.recorded(webhook) == [
                        .init(attempt: 1, outcome: .failed, errorClass: .http5xx, isFinal: true, status: 500)
                    ])
                #expect(receiver.requests.count == 1)
            }
        }
    }

    /// Sends one event after the other until a request is signed by `secret`; nil: by the webhook's own key.
    private func sends(_ stage: Stage, _ webhook: Webhook.ID, _ receiver: TestReceiver, by secret: String?) async throws
    {
        for _ in 0..<50 {
            let count = receiver.requests.count
            try await stage.accept(1, for: webhook)
            guard let last = try await receiver.waitForRequests(count + 1).last else { continue }
            if let secret {
                if isTrusted(last, receiver, by: secret) { return }
            } else if last.header("webhook-signature") != nil {
                return
            }
        }
        Issue.record("no request was as it should be")
    }

    private func change(_ stage: Stage, _ webhook: Webhook.ID, _ receiver: TestReceiver) async throws {
        try await sends(stage, webhook, receiver, by: nil)
        var settings = TenantSettings()
        settings.defaultDialect = .crystallize
        _ = try await stage.pool.transact(
            SetTenantContext(tenant: stage.tenant), UpdateTenant(id: stage.tenant, name: "Acme", settings: settings))
        _ = try await stage.pool.execute(NotifyWakes())
        try await sends(stage, webhook, receiver, by: Self.secret)
        let new = "another secret of the tenant acme, new"
        try await rotate(stage, to: new)
        try await sends(stage, webhook, receiver, by: new)
        let count = receiver.requests.count
        try await stage.accept(20, for: webhook)
        let later = try await receiver.waitForRequests(count + 20).dropFirst(count)
        let trusted = later.count { isTrusted($0, receiver, by: new) }
        #expect(trusted == 20)
    }

    @Test("After a rotation the new secret signs; a tenant's default dialect counts as soon as it is set")
    func changes() async throws {
        try await Stage.run { stage in
            try await rotate(stage, to: Self.secret)
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url("/wh?a=1"))
            try await stage.withWorker { try await change(stage, webhook, receiver) }
        }
    }

    /// The stage's tenant has a secret that nobody can open.
    @Test func withoutItsSecretNothingIsSentUnsigned() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let held = try await stage.webhook(receiver.url("/held")) { $0.dialect = .crystallize }
            let other = try await stage.webhook(receiver.url("/other"))
            try await stage.withWorker {
                try await stage.accept(1, for: held, other)
                #expect(try await receiver.waitForRequests(1).map(\.target) == ["/other"])
                try await stage.wait { try await stage.pending() == 1 }
                #expect(try await stage.recorded(held).isEmpty)
                try await rotate(stage, to: Self.secret)
                let sent = try await receiver.waitForRequests(2)[1]
                #expect(sent.target == "/held" && sent.header("x-crystallize-signature") != nil)
            }
        }
    }

    private func save(
        _ secret: String, of webhook: Webhook.ID, _ stage: Stage, overlap: Instant? = nil
    ) async throws {
        let sealed = Stage.keys.seal(Array(secret.utf8), context: SealedSecret.context(of: .signing, for: webhook))
        _ = try await stage.pool.execute(
            SaveWebhookSecret(
                webhook: webhook, tenant: stage.tenant, kind: .signing, sealed: sealed, hint: nil,
                previousValidUntil: overlap))
    }

    @Test func shoperySendsTheResourceAndTheSecret() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500), .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.dialect = .shopery }
            let secret = "visible-ascii-secret"
            try await save("the secret before it", of: webhook, stage)
            try await save(secret, of: webhook, stage, overlap: .now + .seconds(3600))
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                let requests = try await receiver.waitForRequests(2)
                #expect(requests.map(\.bodyText) == [#"{"n":0}"#, #"{"n":0}"#])
                #expect(requests.map { $0.header("x-shopery-secret") } == [secret, secret])
                #expect(requests.map { $0.header("x-martlet-attempt") } == ["1", "2"])
            }
        }
    }
}
