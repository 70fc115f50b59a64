import HTTPTypes
import Hosting
import Logging
import Prometheus
import Store
import Tenancy
import Webhooks

/// From the bytes of a request to its answer: reads the events, finds the tenant's webhooks, waits for the commit.
struct EventIntake: Sendable {
    /// Deliveries that one request may make, were there no filters: they are judged only for as many.
    static let deliveryLimit = 200_000

    let catalogue: EventCatalogue
    let directory: SubscriptionDirectory
    let buffer: IntakeBuffer
    let metrics: IngesterMetrics
    let limiter = RateLimiter()
    /// Whether what is noted of a request is ever written.
    var isNoting = false

    /// What stands beside the body.
    struct Envelope: Sendable {
        var form = EventReader.Form.json
        var traceparent: String?
        /// Nil without a `traceparent`.
        var tracestate: String?
        var idempotencyKey: String?
    }

    /// The body of the 202, and headers that tell of the tenant's limit.
    ///
    /// - Throws: ``Problem``, or what the database said.
    func accept(
        _ body: [UInt8], _ envelope: Envelope, from tenant: Tenant
    ) async throws -> (body: [UInt8], headers: HTTPFields) {
        guard let known = try await directory.subscriptions(of: tenant.id) else { throw Self.unknownTenant }
        let (submissions, subscriptions) = try await read(body, envelope, from: tenant, known)
        let headers = try limit(submissions.events.count, of: tenant)
        return (try await store(submissions, of: tenant, subscriptions, body, envelope), headers)
    }

    /// The body of the 202, once it is committed.
    private func store(
        _ submissions: EventReader.Submissions, of tenant: Tenant, _ subscriptions: TenantSubscriptions,
        _ body: [UInt8], _ envelope: Envelope
    ) async throws -> [UInt8] {
        let deliveries = submissions.events.reduce(0) { sum, event in
            event.repeats == nil ? sum + subscriptions.candidates(type: event.type).count : sum
        }
        guard deliveries <= Self.deliveryLimit else {
            let detail = "\(deliveries) deliveries; one request may make \(Self.deliveryLimit)."
            throw Problem.invalid([Problem.Fault(field: "", code: "too_many_deliveries", detail: detail)])
        }
        let request = IntakeRequest(
            tenantID: tenant.id, tenantIdentifier: tenant.identifier, shard: tenant.shard, events: submissions.events,
            subscriptions: subscriptions)
        switch await buffer.submit(request) {
        case .accepted(let events):
            note(events, envelope)
            let repeated = events.count { $0.isDuplicate }
            metrics.accepted.increment(by: UInt64(events.count - repeated))
            if repeated > 0 { metrics.repeated.increment(by: UInt64(repeated)) }
            return AcceptedAnswer.body(of: events, isSingle: submissions.isSingle)
        case .conflict(let indices): throw EventReader.conflict(indices, isSingle: submissions.isSingle)
        case .refused:
            throw Problem.invalid([Problem.Fault(field: "", code: "unstorable", detail: "A value cannot be stored.")])
        case .unknownTenant: throw Self.unknownTenant
        case .outdated:
            guard let newer = try await directory.subscriptions(of: tenant.id) else { throw Self.unknownTenant }
            let (again, subscriptions) = try await read(body, envelope, from: tenant, newer)
            return try await store(again, of: tenant, subscriptions, body, envelope)
        case .unavailable: throw Problem.unavailable()
        case .failed:
            throw Problem(
                .internalServerError, code: "internal_error",
                detail: "This is our fault. The request's id finds it in our log.")
        }
    }

    /// The line that tells of the answer leads to the events, and to their deliveries in other services' logs.
    private func note(_ events: [AcceptedEvent], _ envelope: Envelope) {
        guard isNoting, let notes = RequestNotes.current else { return }
        notes.add("event.ids", .array(events.map { "\($0.id)" }))
        if let trace = envelope.traceparent.flatMap(Traceparent.init) { notes.add("trace.id", "\(trace.traceID)") }
    }

    /// Reads the events. A type that is unknown may be one of the tenant's own that was made just now: then the
    /// directory is brought up to date, once.
    private func read(
        _ body: [UInt8], _ envelope: Envelope, from tenant: Tenant, _ known: TenantSubscriptions
    ) async throws -> (EventReader.Submissions, TenantSubscriptions) {
        var reader = EventReader(
            catalogue: catalogue, ownTypes: known.ownTypes, takesAnyType: tenant.settings.eventCatalogue == .open,
            traceparent: envelope.traceparent, tracestate: envelope.tracestate,
            idempotencyKey: envelope.idempotencyKey)
        do {
            return (try reader.read(body, as: envelope.form), known)
        } catch {
            let problem = error
            guard problem.errors.contains(where: { $0.code == EventDecoder.unknownType }) else { throw problem }
            _ = try await directory.refresh([tenant.id: known])
            guard let newer = directory.known(tenant.id), newer.version > known.version else { throw problem }
            reader.ownTypes = newer.ownTypes
            return (try reader.read(body, as: envelope.form), newer)
        }
    }

    /// - Throws: 429 where the tenant posts more than its settings let it.
    private func limit(_ count: Int, of tenant: Tenant) throws(Problem) -> HTTPFields {
        guard let limit = tenant.settings.rateLimits?.eventsPerSecond else { return [:] }
        let verdict = limiter.take(count, of: tenant.id, limit: limit)
        guard verdict.isAllowed else {
            throw verdict.problem(policy: "events", detail: "This tenant may post \(limit) events a second.")
        }
        return verdict.headers(policy: "events")
    }

    private static let unknownTenant = Problem.forbidden(
        "The token does not name this tenant.", code: "tenant_forbidden")
}
