import Store
import Webhooks

/// What became of a delivery that was taken from its lane, to be recorded in the next flush.
///
/// A class because it is sorted and handed on, and never changes.
final class SettledDelivery: Sendable {
    enum Fate: Sendable, Equatable {
        /// Its row goes: delivered, exhausted or discarded.
        case settled
        /// Its row stays and is due again then, by the database's clock.
        case retry(at: Instant)
    }

    let delivery: Delivery
    let fate: Fate
    let row: InvocationRow

    var invocation: Invocation { row.invocation }

    init(_ delivery: Delivery, _ fate: Fate, _ row: InvocationRow) {
        self.delivery = delivery
        self.fate = fate
        self.row = row
    }

    /// The same without the bytes of a stranger: for a value that the database refuses.
    var withoutBytes: SettledDelivery {
        SettledDelivery(delivery, fate, InvocationRow(row.invocation.withoutMessages))
    }
}

extension Invocation {
    fileprivate var withoutMessages: Invocation {
        Invocation(
            id: id, shard: shard, tenantID: tenantID, webhookID: webhookID, eventID: eventID, deliveryID: deliveryID,
            eventType: eventType, attempt: attempt, trigger: trigger, startedAt: startedAt, duration: duration,
            outcome: outcome, errorClass: errorClass, errorDetail: "The database refused what was exchanged.",
            isFinal: isFinal, nextAttemptAt: nextAttemptAt, status: status, timings: timings)
    }
}
