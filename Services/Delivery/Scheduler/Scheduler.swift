import Webhooks

/// Which lane goes next, and on whose account: quick receivers and slow ones have queues of their own, so that slow
/// ones never hold more than a quarter of the slots.
///
/// A lane that may not send is not in it; it is never polled.
struct Scheduler {
    /// A slot that was given to a lane, until it is free again.
    struct Turn {
        let webhook: Webhook.ID
        let tenant: Tenant.ID
        /// Connection time that it is reckoned to take, in microseconds.
        let charge: Int64
        fileprivate(set) var isSlow = false
    }

    /// Requests under way at most.
    let slots: Int
    private var quick = FairQueue()
    private var slow = FairQueue()

    init(slots: Int) { self.slots = slots }

    var inFlight: Int { quick.inFlight + slow.inFlight }
    var isEmpty: Bool { quick.isEmpty && slow.isEmpty }

    /// The lane has something to send; harmless when it is known already.
    mutating func add(_ webhook: Webhook.ID, of tenant: Tenant.ID, isSlow: Bool) {
        if isSlow { slow.add(webhook, of: tenant) } else { quick.add(webhook, of: tenant) }
    }

    /// The next lane in turn, while there is a slot. It is out of the ready set until it is added again.
    mutating func next() -> Turn? {
        guard inFlight < slots else { return nil }
        if slow.inFlight < max(1, slots / 4), var turn = slow.next(cap: max(1, slots / 8)) {
            turn.isSlow = true
            return turn
        }
        return quick.next(cap: max(1, slots / 2))
    }

    /// A request takes a slot.
    mutating func started(_ turn: Turn) {
        if turn.isSlow { slow.started(turn) } else { quick.started(turn) }
    }

    /// It is over, after `duration`.
    mutating func ended(_ turn: Turn, took duration: Duration) {
        if turn.isSlow { slow.ended(turn, took: duration) } else { quick.ended(turn, took: duration) }
    }

    /// Forgets tenants that have had nothing to send for a while.
    mutating func forgetIdle() {
        quick.forgetIdle()
        slow.forgetIdle()
    }
}
