import Sending
import Webhooks

/// A delivery under way: from being taken from its lane to the end of its request.
///
/// An object, because a delivery may be taken twice: while a statement of the first flight runs, its shard may be lost
/// and owned again. What comes of the first then is nothing, and only ``Dispatcher/isUnderWay(_:)`` can tell the two.
final class Flight: Sendable {
    let delivery: Delivery
    let turn: Scheduler.Turn
    let origin: Origin
    let limits: PaceLimits
    let startedAt = ContinuousClock.now

    init(_ delivery: Delivery, _ turn: Scheduler.Turn, _ subscriber: Subscriber) {
        self.delivery = delivery
        self.turn = turn
        origin = subscriber.origin
        limits = subscriber.limits
    }

    var shard: Shard { delivery.shard }
}
