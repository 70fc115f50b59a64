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
        let report = TransferReport(outcome)
        let fate = Self.fate(sent, report.failure, retryAfter: Self.retryAfter(outcome, now: now), now: now)
        let delivery = sent.delivery
        let invocation = Invocation(
            id: Invocation.ID(at: now), shard: delivery.shard, tenantID: delivery.tenantID,
            webhookID: delivery.webhookID, eventID: delivery.eventID, deliveryID: delivery.id,
            eventType: sent.event.type, attempt: sent.attempt,
            trigger: delivery.trigger, startedAt: sent.startedAt,
            duration: outcome.timings.total ?? (now - sent.startedAt),
            outcome: report.failure == nil ? .succeeded : .failed, errorClass: report.failure,
            errorDetail: report.detail, isFinal: fate == .settled, nextAttemptAt: fate.retryAt, status: report.status,
            request: result.request?.recorded(for: sent.subscriber.prepared), response: report.response,
            timings: report.timings, remoteAddress: outcome.remoteAddress)
        settled = SettledDelivery(
            delivery, fate, InvocationRow(invocation, eventData: sent.event.data, dataEventID: sent.dataEventID))
    }

    /// A query gave no body, so nothing was sent.
    init(_ sent: Dispatcher.Sent, _ failure: AskedQuery.Failure, now: Instant) {
        let delivery = sent.delivery
        let fate = Self.fate(sent, .payloadQuery, retryAfter: nil, now: now)
        let invocation = Invocation(
            id: Invocation.ID(at: now), shard: delivery.shard, tenantID: delivery.tenantID,
            webhookID: delivery.webhookID, eventID: delivery.eventID, deliveryID: delivery.id,
            eventType: sent.event.type, attempt: sent.attempt, trigger: delivery.trigger, startedAt: sent.startedAt,
            duration: now - sent.startedAt, outcome: .failed, errorClass: .payloadQuery, errorDetail: failure.message,
            isFinal: fate == .settled, nextAttemptAt: fate.retryAt)
        settled = SettledDelivery(delivery, fate, InvocationRow(invocation))
    }

    /// What follows an attempt; `failure` is nil where it succeeded.
    private static func fate(
        _ sent: Dispatcher.Sent, _ failure: ErrorClass?, retryAfter: Duration?, now: Instant
    ) -> SettledDelivery.Fate {
        let disposition = sent.subscriber.prepared.retrySchedule.disposition(
            afterAttempt: Int(sent.attempt), failure: failure, retryAfter: retryAfter)
        return switch disposition {
        case .succeeded, .exhausted, .gone: .settled
        case .retry(let delay): .retry(at: now + delay)
        }
    }

    /// Settled without a request: the same data was sent just before.
    static func debounced(_ delivery: Delivery, of event: Event, at now: Instant) -> SettledDelivery {
        withoutRequest(delivery, .debounced, eventType: event.type, detail: nil, at: now)
    }

    /// Settled without a request: discarded, dropped, or impossible.
    /// - Parameter detail: why, where it is not the tenant's own choice.
    static func withoutRequest(
        _ delivery: Delivery, _ outcome: Outcome, eventType: String = "", detail: String?, at now: Instant
    ) -> SettledDelivery {
        let invocation = Invocation(
            id: Invocation.ID(at: now), shard: delivery.shard, tenantID: delivery.tenantID,
            webhookID: delivery.webhookID, eventID: delivery.eventID, deliveryID: delivery.id, eventType: eventType,
            attempt: delivery.attempts + 1,
            trigger: delivery.trigger, startedAt: now, duration: .zero, outcome: outcome,
            errorClass: detail == nil ? nil : .other, errorDetail: detail, isFinal: true)
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
}

extension SettledDelivery.Fate {
    fileprivate var retryAt: Instant? {
        if case .retry(let at) = self { at } else { nil }
    }
}
