import Dressing
import JSON
import Webhooks

/// Writes the members that a tenant may write, in the order of the contract's table.
struct ConfigurationWriter {
    let configuration: WebhookConfiguration
    /// Masked JSON text of the member.
    let authentication: String?

    init(_ configuration: WebhookConfiguration, authentication: String?) {
        self.configuration = configuration
        self.authentication = authentication
    }

    /// What a merge patch is laid over: members that were never given are left out, so that they keep their defaults.
    var stored: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in write(to: &writer, defaultsOf: nil) }
        return writer.bytes
    }

    /// - Parameter dialect: fills what was not given with this dialect's defaults; nil leaves it out.
    func write(to writer: inout JSONWriter, defaultsOf dialect: Dialect?) {
        let isShown = dialect != nil
        func optional<Value>(_ name: String, _ value: Value?, _ write: (inout JSONWriter, Value) -> Void) {
            if value != nil || isShown { writer.optional(name, value, write: write) }
        }
        writer.member("name", configuration.name)
        writer.member("type", configuration.type)
        writer.member("url", configuration.url)
        writer.member("events", configuration.events)
        writer.member("isEnabled", configuration.isEnabled)
        writer.member("whenDisabled", configuration.whenDisabled.rawValue)
        writer.member("method", configuration.method.rawValue)
        writer.member("headers", configuration.headers)
        optional("authentication", authentication) { $0.raw($1.utf8) }
        writer.member("signatures", configuration.signatures.map(\.rawValue))
        optional("dialect", configuration.dialect ?? dialect) { $0.string($1.rawValue) }
        optional("payloadQuery", configuration.payloadQuery) { $0.string($1) }
        writer.member("preserveDefaultPayload", configuration.preserveDefaultPayload)
        optional("fields", configuration.fields) { writer, fields in
            writer.array { writer in for field in fields { writer.string(field) } }
        }
        let debounce = configuration.debounceSeconds ?? (isShown ? configuration.fields == nil ? 0 : 60 : nil)
        optional("debounceSeconds", debounce) { $0.integer($1) }
        optional("filter", configuration.filter) { $0.raw($1.utf8) }
        writer.member("format", configuration.format.rawValue)
        writer.member("data", configuration.data.rawValue)
        writeRetry(to: &writer, dialect: dialect)
        writer.member("timeoutMs", configuration.timeoutMs)
        writer.member("connectTimeoutMs", configuration.connectTimeoutMs)
        optional("rateLimit", configuration.rateLimit) { writer, limit in
            writer.object { writer in
                writer.member("requests", limit.requests)
                writer.member("perSeconds", limit.perSeconds)
            }
        }
        writer.member("maxConcurrency", configuration.maxConcurrency)
        writer.member("ordering", configuration.ordering.rawValue)
        optional("description", configuration.description) { $0.string($1) }
        writer.member("metadata", configuration.metadata)
    }

    private func writeRetry(to writer: inout JSONWriter, dialect: Dialect?) {
        var policy = configuration.retry
        if let dialect {
            let schedule = RetrySchedule(policy: policy, dialect: dialect)
            policy = RetryPolicy(maxAttempts: schedule.maxAttempts, schedule: schedule.seconds)
        }
        guard let policy else { return }
        writer.name("retry")
        writer.object { writer in
            if let maxAttempts = policy.maxAttempts { writer.member("maxAttempts", maxAttempts) }
            guard let schedule = policy.schedule else { return }
            writer.name("schedule")
            writer.array { writer in for seconds in schedule { writer.integer(seconds) } }
        }
    }
}
