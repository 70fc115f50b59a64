import Dressing
import Webhooks

extension Dispatcher {
    /// A request that was sent, until its outcome is known.
    final class Sent: Sendable, Hashable {
        let flight: Flight
        /// With the data that was sent, whole.
        let event: Event
        let subscriber: Subscriber
        let attempt: Int16
        let startedAt: Instant
        /// Whose data that is, where it is not the event's own.
        let dataEventID: Event.ID?
        /// Nil where nothing is debounced.
        let subject: DebounceSubject?

        init(
            _ flight: Flight, _ event: Event, _ subscriber: Subscriber, attempt: Int16, startedAt: Instant,
            dataEventID: Event.ID?, subject: DebounceSubject?
        ) {
            self.flight = flight
            self.event = event
            self.subscriber = subscriber
            self.attempt = attempt
            self.startedAt = startedAt
            self.dataEventID = dataEventID
            self.subject = subject
        }

        var delivery: Delivery { flight.delivery }

        static func == (one: Sent, other: Sent) -> Bool { one === other }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }

        /// Leaves the lane: settled, or to be tried again.
        func leave(_ lane: Lane, _ fate: SettledDelivery.Fate) {
            guard case .retry(let at) = fate, delivery.orderKey != nil else { return lane.finish(delivery) }
            var head = delivery
            head.notBefore = at
            head.attempts = attempt
            lane.keepHead(head)
        }
    }
}
