import DequeModule
import HeapModule
import Webhooks

/// Whose turn it is among tenants: the one that has used the least connection time since it last waited, each of its
/// ready lanes in turn.
///
/// Fair queueing in virtual time: every tenant has a clock that its requests move on by the time that each holds a
/// slot: by what they usually take when they start, by the rest when they end. The slowest clock goes next. A tenant
/// that comes back begins where the others are, so that nobody saves up. A turn costs O(log tenants).
struct FairQueue {
    private struct Share {
        var lanes: Deque<Webhook.ID> = []
        /// Its clock, in microseconds of connection time.
        var used: Int64
        /// What a request of it takes.
        var typical: Int64 = 2000
        var inFlight = 0
        /// It stands in ``places``.
        var isQueued = false
    }

    private struct Place: Comparable {
        let used: Int64
        let number: UInt64
        let tenant: Tenant.ID

        static func < (one: Place, other: Place) -> Bool { (one.used, one.number) < (other.used, other.number) }
    }

    private var shares: [Tenant.ID: Share] = [:]
    private var places = Heap<Place>()
    private var queued: Set<Webhook.ID> = []
    /// The clock of the tenant that went last.
    private var floor: Int64 = 0
    private var number: UInt64 = 0
    private(set) var inFlight = 0

    var isEmpty: Bool { queued.isEmpty }

    /// The lane has something to send; harmless when it is known already.
    mutating func add(_ webhook: Webhook.ID, of tenant: Tenant.ID) {
        guard queued.insert(webhook).inserted else { return }
        var share = shares[tenant] ?? Share(used: floor)
        share.lanes.append(webhook)
        if !share.isQueued {
            share.used = max(share.used, floor)
            enqueue(tenant, &share)
        }
        shares[tenant] = share
    }

    private mutating func enqueue(_ tenant: Tenant.ID, _ share: inout Share) {
        number += 1
        share.isQueued = true
        places.insert(Place(used: share.used, number: number, tenant: tenant))
    }

    /// The next lane in turn; it is out of the ready set until it is added again.
    /// - Parameter cap: requests under way at most for a tenant while others wait; alone it may have all.
    mutating func next(cap: Int) -> Scheduler.Turn? {
        var passedOver: [Tenant.ID] = []
        defer { for tenant in passedOver { requeue(tenant) } }
        while let place = places.popMin() {
            guard var share = shares[place.tenant] else { continue }
            share.isQueued = false
            if share.used > place.used {  // its requests took longer than they usually do
                enqueue(place.tenant, &share)
                shares[place.tenant] = share
                continue
            }
            shares[place.tenant] = share
            if share.inFlight >= cap, !places.isEmpty {
                passedOver.append(place.tenant)
                continue
            }
            return take(place.tenant)
        }
        return passedOver.popLast().flatMap { take($0) }
    }

    private mutating func take(_ tenant: Tenant.ID) -> Scheduler.Turn? {
        guard var share = shares[tenant], let webhook = share.lanes.popFirst() else { return nil }
        queued.remove(webhook)
        floor = max(floor, share.used)
        if !share.lanes.isEmpty, !share.isQueued { enqueue(tenant, &share) }
        shares[tenant] = share
        return Scheduler.Turn(webhook: webhook, tenant: tenant, charge: share.typical)
    }

    private mutating func requeue(_ tenant: Tenant.ID) {
        guard var share = shares[tenant], !share.isQueued, !share.lanes.isEmpty else { return }
        enqueue(tenant, &share)
        shares[tenant] = share
    }

    /// A request takes a slot.
    mutating func started(_ turn: Scheduler.Turn) {
        inFlight += 1
        shares[turn.tenant, default: Share(used: floor)].inFlight += 1
        shares[turn.tenant]?.used += turn.charge
    }

    /// It is over, after `duration`.
    mutating func ended(_ turn: Scheduler.Turn, took duration: Duration) {
        let tenant = turn.tenant
        inFlight -= 1
        guard var share = shares[tenant] else { return }
        let cost = max(1, Int64(duration / .microseconds(1)))
        share.inFlight -= 1
        share.used += cost - turn.charge
        share.typical += (cost - share.typical) / 8
        let isOver = share.inFlight <= 0 && share.lanes.isEmpty && share.used <= floor
        shares[tenant] = isOver ? nil : share
    }

    /// Forgets tenants with nothing to send whose clocks the others have passed.
    mutating func forgetIdle() {
        let floor = floor
        shares = shares.filter { $0.value.inFlight > 0 || !$0.value.lanes.isEmpty || $0.value.used > floor }
    }
}
