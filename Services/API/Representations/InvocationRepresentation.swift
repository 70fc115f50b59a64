import JSON
import Webhooks

/// One request of the history, as the contract's § History words it.
struct InvocationRepresentation {
    let invocation: Invocation
    /// False for a test of a webhook that is not saved, which has no id.
    var isOfSaved = true

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", invocation.id.description)
            writer.member("webhookId", isOfSaved ? invocation.webhookID.description : nil)
            writer.member("eventId", invocation.eventID?.description)
            writer.member("deliveryId", invocation.deliveryID?.description)
            writer.member("event", invocation.eventType)
            writer.member("attempt", invocation.attempt)
            writer.member("trigger", invocation.trigger.name)
            writer.member("start", invocation.startedAt)
            writer.member("end", invocation.startedAt + invocation.duration)
            writer.member("durationMs", Int64(invocation.duration / .milliseconds(1)))
            writer.member("outcome", invocation.outcome.name)
            writer.member("final", invocation.isFinal)
            writer.optional("error", invocation.errorClass) { writer, errorClass in
                writer.object { writer in
                    writer.member("class", errorClass.name)
                    writer.member("detail", invocation.errorDetail)
                }
            }
            writer.member("nextAttemptAt", invocation.nextAttemptAt)
            writer.optional("request", invocation.request, write: Self.write)
            writer.name("response")
            if let response = invocation.response, let status = invocation.status {
                Self.write(response, status: status, to: &writer)
            } else {
                writer.null()
            }
            writer.optional("timings", invocation.timings, write: writeTimings)
            writer.member("remoteAddress", invocation.remoteAddress)
        }
    }

    private static func write(to writer: inout JSONWriter, _ request: RecordedRequest) {
        writer.object { writer in
            writer.member("method", request.method)
            writer.member("url", request.url)
            writer.member("headers", headers(request.headers))
            writer.member("payload", text(of: request.payload, isTruncated: request.isTruncated))
            writer.member("isTruncated", request.isTruncated)
        }
    }

    private static func write(_ response: RecordedResponse, status: Int16, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("status", status)
            writer.member("headers", headers(response.headers))
            writer.member("body", text(of: response.body, isTruncated: response.isTruncated))
            writer.member("isTruncated", response.isTruncated)
        }
    }

    /// Milliseconds, to the microsecond that was measured.
    private func writeTimings(to writer: inout JSONWriter, _ timings: Invocation.Timings) {
        writer.object { writer in
            for (name, value) in [
                ("dnsMs", timings.dns), ("connectMs", timings.connect), ("tlsMs", timings.tls),
                ("firstByteMs", timings.firstByte),
            ] {
                writer.optional(name, value) { $0.double(Double($1) / 1000) }
            }
            writer.member("totalMs", invocation.duration / .microseconds(1) / 1000)
        }
    }

    /// A name that came several times has its values joined, as RFC 9110 § 5.3 allows.
    private static func headers(_ fields: [HeaderField]) -> [String: String] {
        var headers: [String: String] = [:]
        for field in fields {
            let value = String(decoding: field.value, as: UTF8.self)
            headers[field.name.lowercased()] = headers[field.name.lowercased()].map { "\($0), \(value)" } ?? value
        }
        return headers
    }

    /// Text of bytes that may be anything: what is no UTF-8 is replaced, a character that the cut has halved left out.
    static func text(of bytes: [UInt8], isTruncated: Bool) -> String {
        guard isTruncated, let start = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        let width =
            switch bytes[start] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        let isHalved = bytes.count - start < width
        return String(decoding: isHalved ? bytes[..<start] : bytes[...], as: UTF8.self)
    }
}
