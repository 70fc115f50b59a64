import Logging
import Webhooks

extension Invocation {
    /// What a log line says of it: by these ids it is found everywhere else.
    ///
    /// - Parameter tenant: as in `X-tenant-ID`; nil where it is not known any more.
    func logMetadata(tenant: String?) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "invocation.id": "\(id)", "webhook.id": "\(webhookID)", "attempt": .stringConvertible(attempt),
            "outcome": "\(outcome.name)", "http.duration_ms": .stringConvertible((duration / .microseconds(1)) / 1000),
        ]
        metadata["tenant.id"] = tenant.map { .string($0) }
        metadata["event.id"] = eventID.map { "\($0)" }
        metadata["delivery.id"] = deliveryID.map { "\($0)" }
        metadata["error.class"] = errorClass.map { "\($0.name)" }
        metadata["http.status"] = status.map { .stringConvertible($0) }
        if let trace = sentTrace {
            metadata["trace.id"] = .string(trace.traceID)
            metadata["span.id"] = .string(trace.spanID)
        }
        return metadata
    }

    /// Of the request as it was sent.
    private var sentTrace: Traceparent? {
        let field = request?.headers.first { $0.name == "traceparent" }
        return field.flatMap { Traceparent(String(decoding: $0.value, as: UTF8.self)) }
    }
}
