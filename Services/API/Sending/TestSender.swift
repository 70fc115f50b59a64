import Curl
import Dressing
import Epoll
import Hosting
import Sending
import Synchronization
import Webhooks

/// Sends a signed sample to a webhook, just as a delivery would be sent: the same dress, the same engine, the same
/// guard at the dial.
final class TestSender: Sendable {
    /// Test sends of one tenant at a time: each holds a connection for as long as a receiver likes.
    static let limit = 10

    private let sender: RequestSender
    private let signatureLifetime: Duration
    private let running = Mutex<[Tenant.ID: Int]>([:])

    /// - Parameter signatureLifetime: how long receivers may take signatures that end by themselves.
    init(sender: RequestSender, signatureLifetime: Duration) {
        self.sender = sender
        self.signatureLifetime = signatureLifetime
    }

    /// With an engine of its own.
    convenience init(_ configuration: APIConfiguration) throws {
        let engine = try HTTPEngine(on: Reactor(), configuration: configuration.egress)
        self.init(sender: .make(engine: engine), signatureLifetime: configuration.signatureLifetime)
    }

    /// What is sent, and to whom.
    struct Sample: Sendable {
        let webhook: Webhook
        let secrets: WebhookSecrets
        let type: EventType
        /// Compact JSON text of the event's data.
        let data: [UInt8]
    }

    /// - Throws: ``Problem`` 429 where the tenant has as many under way as it may; 409 where the webhook cannot sign.
    func send(
        _ sample: Sample, of tenant: Tenant, catalogue: EventCatalogue, newest: NewestData
    ) async throws -> Invocation {
        let prepared: PreparedWebhook
        do {
            prepared = try PreparedWebhook(
                sample.webhook, tenantIdentifier: tenant.identifier, secrets: sample.secrets,
                tenantDefault: tenant.settings.dialect)
        } catch {
            throw Problem.conflict("The webhook has no key to sign with: rotate its secret.", code: "no_signing_key")
        }
        guard enter(tenant.id) else {
            throw Problem.tooManyRequests(retryAfter: 1, detail: "\(Self.limit) test sends are under way already.")
        }
        defer { leave(tenant.id) }
        let now = Instant.now
        let event = SampleEvent.event(type: sample.type, data: sample.data, tenant: tenant.id, at: now)
        let dresser = Dresser(catalogue: catalogue, signatureLifetime: signatureLifetime)
        let result: [UInt8]?
        do {
            result = try await newest.result(of: dresser.ask(event, for: prepared, ownDataAnswers: true))
        } catch let failure as AskedQuery.Failure {
            return Self.unsent(sample, of: tenant, failure, at: now)
        }
        let dressed = dresser.dress(event, for: prepared, deliveryID: nil, at: now, queryResult: result)
        let sent = await sender.send(dressed, for: prepared)
        let outcome = sent.outcome
        let report = TransferReport(outcome)
        return Invocation(
            id: Invocation.ID(), shard: tenant.shard, tenantID: tenant.id, webhookID: sample.webhook.id, eventID: nil,
            deliveryID: nil, eventType: sample.type.name, attempt: 1, trigger: .test, startedAt: now,
            duration: outcome.timings.total ?? (Instant.now - now),
            outcome: report.failure == nil ? .succeeded : .failed, errorClass: report.failure,
            errorDetail: report.detail, isFinal: true, status: report.status,
            request: sent.request?.recorded(for: prepared),
            response: report.response, timings: report.timings, remoteAddress: outcome.remoteAddress)
    }

    /// A payload query gave no body.
    private static func unsent(
        _ sample: Sample, of tenant: Tenant, _ failure: AskedQuery.Failure, at now: Instant
    ) -> Invocation {
        Invocation(
            id: Invocation.ID(), shard: tenant.shard, tenantID: tenant.id, webhookID: sample.webhook.id, eventID: nil,
            deliveryID: nil, eventType: sample.type.name, attempt: 1, trigger: .test, startedAt: now,
            duration: .zero, outcome: .failed, errorClass: .payloadQuery, errorDetail: failure.message, isFinal: true)
    }

    private func enter(_ tenant: Tenant.ID) -> Bool {
        running.withLock { running in
            guard running[tenant, default: 0] < Self.limit else { return false }
            running[tenant, default: 0] += 1
            return true
        }
    }

    private func leave(_ tenant: Tenant.ID) {
        running.withLock { running in
            let left = running[tenant, default: 1] - 1
            running[tenant] = left > 0 ? left : nil
        }
    }
}
