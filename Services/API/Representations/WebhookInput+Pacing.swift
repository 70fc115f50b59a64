import Dressing
import JSON
import Webhooks

extension WebhookInput {
    /// From the first attempt to the last.
    private static let maximumRetrySeconds = 7 * 86400

    /// `retry`, `timeoutMs`, `connectTimeoutMs`, `rateLimit`, `maxConcurrency`, `ordering`.
    static func readPacing(_ reader: MemberReader, dialect: Dialect, into draft: inout WebhookConfiguration) {
        draft.retry = readRetry(reader, dialect: dialect)
        draft.timeoutMs = reader.integer("timeoutMs", in: 100...30000) ?? 5000
        draft.connectTimeoutMs = reader.integer("connectTimeoutMs", in: 50...10000) ?? 1000
        draft.rateLimit = readRateLimit(reader)
        draft.maxConcurrency = reader.integer("maxConcurrency", in: 1...1000) ?? 32
        draft.ordering = reader.choice("ordering") ?? WebhookConfiguration.Ordering.none
    }

    private static func readRetry(_ reader: MemberReader, dialect: Dialect) -> RetryPolicy? {
        let faults = reader.faults
        guard let value = reader.value("retry"),
            let retry = MemberReader(value, at: "retry", known: ["maxAttempts", "schedule"], faults: faults)
        else { return nil }
        var policy = RetryPolicy(maxAttempts: retry.integer("maxAttempts", in: 1...25))
        // 25 attempts have 24 gaps: a longer schedule would never be read to its end.
        if let elements = retry.elements("schedule", count: 1...24) {
            let seconds = elements.map { retry.integer($0.1, at: $0.field, in: 1...86400) }
            policy.schedule = seconds.compactMap(\.self)
            guard policy.schedule?.count == seconds.count else { return policy }
        }
        if RetrySchedule(policy: policy, dialect: dialect).totalSeconds > maximumRetrySeconds {
            faults.add("retry", .outOfRange, "All waits together last at most 7 days; the last entry repeats.")
        }
        return policy.maxAttempts == nil && policy.schedule == nil ? nil : policy
    }

    private static func readRateLimit(_ reader: MemberReader) -> WebhookConfiguration.RateLimit? {
        guard let value = reader.value("rateLimit"),
            let limit = MemberReader(value, at: "rateLimit", known: ["requests", "perSeconds"], faults: reader.faults)
        else { return nil }
        let requests = limit.integer("requests", in: 1...1_000_000, isRequired: true)
        let perSeconds = limit.integer("perSeconds", in: 1...86400, isRequired: true)
        guard let requests, let perSeconds else { return nil }
        return WebhookConfiguration.RateLimit(requests: requests, perSeconds: perSeconds)
    }
}
