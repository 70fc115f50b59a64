import HTTPTypes
import Hosting
import Logging
import Prometheus
import Store
import Webhooks

/// From the bytes of a request to its answer: reads the events, finds the tenant's webhooks, waits for the commit.
struct EventIntake: Sendable {
    /// Deliveries that one request may make.
    static let deliveryLimit = 200_000

    let catalogue: EventCatalogue
    let directory: SubscriptionDirectory
    let buffer: IntakeBuffer
    let metrics: IngesterMetrics

    /// What stands beside the body.
    struct Envelope: Sendable {
        var form = EventReader.Form.json
        var traceparent: String?
        var idempotencyKey: String?
    }

    /// The body of the 202.
    ///
    /// - Throws: ``Problem``, or what the database said.
    func accept(_ body: [UInt8], _ envelope: Envelope, from tenant: Tenant) async throws -> [UInt8] {
        let reader = EventReader(
            catalogue: catalogue, takesAnyType: tenant.settings.eventCatalogue == .open,
            traceparent: envelope.traceparent, idempotencyKey: envelope.idempotencyKey)
        let submissions = try reader.read(body, as: envelope.form)
        guard let subscriptions = try await directory.subscriptions(of: tenant.id) else { throw Self.unknownTenant }
        let request = IntakeRequest(
            tenantID: tenant.id, shard: tenant.shard, events: submissions.events, subscriptions: subscriptions)
        guard request.weight.deliveries <= Self.deliveryLimit else {
            let detail = "\(request.weight.deliveries) deliveries; one request may make \(Self.deliveryLimit)."
            throw Problem.invalid([Problem.Fault(field: "", code: "too_many_deliveries", detail: detail)])
        }
        switch await buffer.submit(request) {
        case .accepted(let events):
            let repeated = events.count { $0.isDuplicate }
            metrics.accepted.increment(by: UInt64(events.count - repeated))
            if repeated > 0 { metrics.repeated.increment(by: UInt64(repeated)) }
            return AcceptedAnswer.body(of: events, isSingle: submissions.isSingle)
        case .conflict(let indices): throw EventReader.conflict(indices, isSingle: submissions.isSingle)
        case .refused:
            throw Problem.invalid([Problem.Fault(field: "", code: "unstorable", detail: "A value cannot be stored.")])
        case .unknownTenant: throw Self.unknownTenant
        case .unavailable: throw Problem.unavailable()
        case .failed:
            throw Problem(
                .internalServerError, code: "internal_error",
                detail: "This is our fault. The request's id finds it in our log.")
        }
    }

    private static let unknownTenant = Problem.forbidden(
        "The token does not name this tenant.", code: "tenant_forbidden")
}
