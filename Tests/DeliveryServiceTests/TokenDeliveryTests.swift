import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// Webhooks that authenticate by OAuth 2: what a worker sends, and what the history says where there is no token.
@Suite struct TokenDeliveryTests {
    private struct Detail: Sendable, Equatable {
        let errorClass: ErrorClass?
        let text: String?
        let hasRequest: Bool
    }

    private struct FindDetails: Statement {
        static let sql = """
            SELECT error_class, error_detail, request IS NOT NULL FROM invocations WHERE webhook_id = $1 ORDER BY id
            """
        let webhook: Webhook.ID
        func bind(_ parameters: inout Parameters) { parameters.append(webhook) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Detail {
            Detail(errorClass: try row.optional(0), text: try row.optional(1), hasRequest: try row.column(2))
        }
    }

    private func webhook(_ url: String, tokenURL: String, _ stage: Stage) async throws -> Webhook.ID {
        let id = try await stage.webhook(url) { $0.retry = RetryPolicy(maxAttempts: 2, schedule: [1]) }
        let authentication = WebhookAuthentication.oauth2(
            tokenURL: tokenURL, clientID: "c", clientSecret: "s", scope: nil)
        _ = try await stage.pool.execute(
            SaveWebhookSecret(
                webhook: id, tenant: stage.tenant, kind: .authentication,
                sealed: Stage.keys.seal(
                    authentication.json, context: SealedSecret.context(of: .authentication, for: id)),
                hint: nil))
        return id
    }

    @Test("An attempt without a token is an invocation without a request, and the next one has its token")
    func failure() async throws {
        let receiver = try TestReceiver()
        let endpoint = try TestReceiver(
            answers: ReceiverAnswer(status: 401, body: #"{"error":"invalid_client"}"#),
            ReceiverAnswer(body: #"{"access_token":"t","token_type":"Bearer"}"#))
        try await Stage.run { stage in
            let webhook = try await webhook(receiver.url(), tokenURL: endpoint.url(), stage)
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
            }
            let details = try await stage.pool.execute(FindDetails(webhook: webhook))
            let refused = "No access token: the token endpoint answered 401 (invalid_client)."
            #expect(
                details == [
                    Detail(errorClass: .http401or403, text: refused, hasRequest: false),
                    Detail(errorClass: nil, text: nil, hasRequest: true),
                ])
            #expect(receiver.requests.map { $0.header("authorization") } == ["Bearer t"])
        }
    }

    @Test("A token endpoint that is gone disables no webhook")
    func gone() async throws {
        let (receiver, endpoint) = (try TestReceiver(), try TestReceiver(answers: .status(410)))
        try await Stage.run { stage in
            let webhook = try await webhook(receiver.url(), tokenURL: endpoint.url(), stage)
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
            }
            #expect(try await stage.recorded(webhook).map(\.errorClass) == [.http4xx, .http4xx])
            let found = try await stage.pool.execute(FindWebhook(id: webhook, tenant: stage.tenant)).first
            #expect(found?.configuration.isEnabled == true && found?.disabledReason == nil)
        }
    }
}
