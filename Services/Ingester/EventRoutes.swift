import HTTPTypes
import Hosting
import Hummingbird
import Postgres
import Tenancy
import Webhooks

/// `POST /company/events`.
struct EventRoutes: Sendable {
    /// Bodies up to this size do not count against ``IntakeBudget``: there is no number of connections at which they
    /// fill the memory.
    private static let smallBody = 64 << 10

    let intake: EventIntake
    let budget: IntakeBudget
    /// Answers 503 before anything is read, while the database is known to be away.
    let isReachable: @Sendable () -> Bool

    func add(to group: RouterGroup<TenantContext>) {
        group.requiring(.events).post("events") { request, context in try await post(request, from: context.tenant) }
    }

    private func post(_ request: Request, from tenant: Tenant) async throws -> Response {
        do {
            return try await accept(request, from: tenant)
        } catch let problem as Problem {
            intake.metrics.reject(problem.code)
            throw problem
        }
    }

    private func accept(_ request: Request, from tenant: Tenant) async throws -> Response {
        var envelope = EventIntake.Envelope()
        envelope.form = try CloudEventHeaders.form(of: request) ?? Self.form(of: request)
        if let traceparent = request.headers[.traceparent].flatMap(Traceparent.init) {
            envelope.traceparent = traceparent.text
            envelope.tracestate = Tracestate(request.headers[values: .tracestate].joined(separator: ","))?.text
        }
        envelope.idempotencyKey = try Self.idempotencyKey(of: request)
        guard isReachable() else { throw Problem.unavailable() }
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? EventReader.bodyLimit
        let share = announced > Self.smallBody ? min(announced, EventReader.bodyLimit) : 0
        guard budget.take(share) else { throw Problem.unavailable(detail: "Too many large bodies at once.") }
        defer { budget.give(share) }
        let body = try await request.bytes(upTo: EventReader.bodyLimit)
        let accepted = try await intake.accept(body, envelope, from: tenant)
        return .json(accepted.body, status: .accepted, headers: accepted.headers)
    }

    private static func form(of request: Request) throws -> EventReader.Form {
        let types = [
            "application/json": EventReader.Form.json, "application/x-ndjson": .lines,
            CloudEventHeaders.structured: .cloudEvent, CloudEventHeaders.batch: .cloudEvents,
        ]
        let type = try request.requireContentType(
            "application/json", "application/x-ndjson", CloudEventHeaders.structured, CloudEventHeaders.batch)
        return types[type] ?? .json
    }

    private static func idempotencyKey(of request: Request) throws -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard !key.isEmpty, key.unicodeScalars.count <= EventDecoder.keyLimit else {
            throw Problem.badRequest(
                "Idempotency-Key has 1 to \(EventDecoder.keyLimit) characters.", code: "malformed_idempotency_key")
        }
        return key
    }
}

extension HTTPField.Name {
    static let traceparent = HTTPField.Name("traceparent")!
    static let tracestate = HTTPField.Name("tracestate")!
}
