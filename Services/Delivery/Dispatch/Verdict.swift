import Curl
import Dressing
import Sending
import Store
import Webhooks

/// What an outcome means for its delivery: settled or to be sent again, and what history will say of it.
struct Verdict {
    let settled: SettledDelivery

    init(_ sent: Dispatcher.Sent, _ result: SentRequest, now: Instant) {
        let outcome = result.outcome
        let schedule = sent.subscriber.prepared.retrySchedule
        let (status, failure) = Self.reason(outcome)
        let disposition = schedule.disposition(
            afterAttempt: Int(sent.attempt), failure: failure, retryAfter: Self.retryAfter(outcome, now: now))
        let fate: SettledDelivery.Fate
        switch disposition {
        case .succeeded, .exhausted, .gone: fate = .settled
        case .retry(let delay): fate = .retry(at: now + delay)
        }
        let delivery = sent.delivery
        let invocation = Invocation(
            id: Invocation.ID(at: now), shard: delivery.shard, tenantID: delivery.tenantID,
            webhookID: delivery.webhookID, eventID: delivery.eventID, deliveryID: delivery.id,
            eventType: sent.event.type, attempt: sent.attempt,
            trigger: delivery.trigger, startedAt: sent.startedAt,
            duration: outcome.timings.total ?? (now - sent.startedAt),
            outcome: failure == nil ? .succeeded : .failed, errorClass: failure,
            errorDetail: Self.detail(outcome, failure), isFinal: fate == .settled, nextAttemptAt: fate.retryAt,
            status: status, request: result.request?.recorded(for: sent.subscriber.prepared),
            response: Self.response(outcome), timings: Invocation.Timings(outcome.timings),
            remoteAddress: outcome.remoteAddress)
        settled = SettledDelivery(delivery, fate, InvocationRow(invocation, eventData: sent.event.data))
    }

    /// Settled without a request: discarded, or impossible.
    static func withoutRequest(_ delivery: Delivery, _ outcome: Outcome, detail: String?, at now: Instant)
        -> SettledDelivery
    {
        let invocation = Invocation(
            id: Invocation.ID(at: now), shard: delivery.shard, tenantID: delivery.tenantID,
            webhookID: delivery.webhookID, eventID: delivery.eventID, deliveryID: delivery.id, eventType: "",
            attempt: delivery.attempts + 1,
            trigger: delivery.trigger, startedAt: now, duration: .zero, outcome: outcome,
            errorClass: outcome == .failed ? .other : nil, errorDetail: detail, isFinal: true)
        return SettledDelivery(delivery, .settled, InvocationRow(invocation))
    }

    /// Until when the whole webhook pauses: `Retry-After` of a 429 or 503.
    static func pause(_ outcome: TransferOutcome, now: Instant) -> Instant? {
        retryAfter(outcome, now: now).map { now + $0 }
    }

    private static func retryAfter(_ outcome: TransferOutcome, now: Instant) -> Duration? {
        guard case .success(let response) = outcome.result, response.status == 429 || response.status == 503,
            let value = response.headers.first(where: { $0.name == "retry-after" })?.value
        else { return nil }
        return RetryAfter.parse(value, now: now)
    }

    private static func reason(_ outcome: TransferOutcome) -> (status: Int16?, failure: ErrorClass?) {
        switch outcome.result {
        case .success(let response): (Int16(clamping: response.status), ErrorClass(status: response.status))
        case .failure(let failure): (outcome.partial.map { Int16(clamping: $0.status) }, ErrorClass(failure))
        }
    }

    private static func detail(_ outcome: TransferOutcome, _ failure: ErrorClass?) -> String? {
        switch outcome.result {
        case .success(let response): failure == nil ? nil : "The receiver answered \(response.status)."
        case .failure(let failure): failure.explanation
        }
    }

    private static func response(_ outcome: TransferOutcome) -> RecordedResponse? {
        let response: HTTPResponse?
        switch outcome.result {
        case .success(let whole): response = whole
        case .failure: response = outcome.partial
        }
        return response.map {
            RecordedResponse(
                headers: $0.headers.map { HeaderField(name: $0.name, value: $0.value) }, body: $0.body,
                isTruncated: $0.isTruncated)
        }
    }
}

extension SettledDelivery.Fate {
    fileprivate var retryAt: Instant? {
        if case .retry(let at) = self { at } else { nil }
    }
}

extension ErrorClass {
    init(_ failure: TransferFailure) {
        switch failure {
        case .timedOut: self = .timeout
        case .connectTimedOut: self = .connectTimeout
        case .unresolved: self = .dns
        case .refused: self = .connectionRefused
        case .reset: self = .connectionReset
        case .tls: self = .tls
        case .forbidden: self = .forbiddenAddress
        case .tooLarge: self = .tooLarge
        case .noToken(let failure): self.init(failure)
        // A token endpoint that is gone says nothing of the receiver.
        case .tokenRefused(let status, _): self = status == 410 ? .http4xx : ErrorClass(status: status) ?? .other
        case .invalid, .cancelled, .other: self = .other
        }
    }
}

extension Invocation.Timings {
    init(_ timings: TransferTimings) {
        func microseconds(_ duration: Duration?) -> Int32? {
            duration.map { Int32(clamping: Int64($0 / .microseconds(1))) }
        }
        self.init(
            dns: microseconds(timings.dns), connect: microseconds(timings.connect), tls: microseconds(timings.tls),
            firstByte: microseconds(timings.firstByte))
    }
}
