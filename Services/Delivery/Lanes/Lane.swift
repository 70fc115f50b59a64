import DequeModule
import Store
import Webhooks

/// The in-memory queue of one webhook inside its owner: a window on its rows of `deliveries`, and what is in flight.
///
/// The table is the truth, the lane a cache of it. Everything is decided here and nothing done: the dispatcher reads
/// rows into it, takes deliveries out of it and tells it what became of them. A class because it is changed in place
/// several times a delivery.
final class Lane {
    let shard: Shard
    let webhookID: Webhook.ID
    /// How fast it may go.
    var pace = LanePace()
    /// Rows up to here were read. A wake or a retry that lies behind sets it back.
    private(set) var cursor = LanePlace.start
    /// Rows past the cursor may exist.
    private var mayHaveRows = true
    /// Read and not yet taken, in the order of the table.
    private(set) var window: Deque<Delivery> = []
    private(set) var inFlight = 0
    private(set) var keys = OrderKeys()
    private var known = KnownDeliveries()
    /// Heads whose failure is not yet in the table.
    private var unrecordedHeads: Set<Delivery.ID> = []
    /// Where the cursor must go back to when the read that is under way has returned.
    private var rewind: LanePlace?
    private(set) var isReading = false
    /// Rows that it asks for: more when there is more, so that many lanes with little fit into one read.
    private(set) var width = LaneRoom.narrowest
    /// When the first row that is not yet due will be, as far as it is known.
    private(set) var nextDue: Instant?
    /// Rows that are not yet due may exist although ``nextDue`` is unknown.
    private var mayHaveLater = true

    init(shard: Shard, webhookID: Webhook.ID) {
        self.shard = shard
        self.webhookID = webhookID
    }

    /// A new lane would do as well.
    var isIdle: Bool {
        window.isEmpty && inFlight == 0 && keys.isEmpty && known.isIdle && !isReading && !mayHaveRows && !mayHaveLater
            && nextDue == nil && pace.isBlank
    }

    // MARK: Reading

    var wantsRows: Bool { mayHaveRows && !keys.blocksAll }
    /// Its window is to be filled again: half of it is gone, or a quarter of a wide one is left.
    var isShort: Bool { window.count < min(width / 2, LaneRoom.lowWater) }

    /// New rows are due from `dueAt` on; a cursor that has passed it goes back.
    func wake(from dueAt: Instant) { readAgain(from: .before(dueAt)) }

    /// Rows past `place` are read again; those that are known are passed over.
    private func readAgain(from place: LanePlace) {
        mayHaveRows = true
        if place < cursor { cursor = place }
        if isReading { rewind = min(rewind ?? place, place) }
    }

    /// A read past the cursor begins, which leaves out the rows of ``OrderKeys/skipped``.
    func beginRead() {
        isReading = true
        known.beginStatement()
        rewind = nil
        mayHaveRows = false
    }

    /// The read returned `rows`, in order; `isFull` when there may be more behind them.
    func endRead(_ rows: [Delivery], isFull: Bool) {
        if isFull { mayHaveRows = true }
        width = isFull ? min(width * 2, LaneRoom.widest) : LaneRoom.narrowest
        if let last = rows.last { cursor = max(cursor, last.place) }
        let isBehind = window.last.map { last in rows.first.map { $0.place < last.place } ?? false } ?? false
        for row in rows where !known.contains(row.id) && !isStale(row) { enter(row) }
        if isBehind { window.sort { $0.place < $1.place } }
        leaveRead()
    }

    /// Rows that precede it are to be read again: of an ordered lane it comes back behind them.
    private func isStale(_ row: Delivery) -> Bool { row.orderKey != nil && rewind.map { $0 < row.place } ?? false }

    private func enter(_ row: Delivery) {
        if let key = row.orderKey {
            if row.notBefore != nil {
                known.insert(row.id)
                return hold(row, key)
            }
            guard keys.admit(key) else { return }
        }
        known.insert(row.id)
        window.append(row)
    }

    /// The read failed: its rows are still to be read.
    func failRead() {
        mayHaveRows = true
        leaveRead()
    }

    private func leaveRead() {
        isReading = false
        known.endStatement()
        if let rewind, rewind < cursor {
            cursor = rewind
            mayHaveRows = true
        }
        rewind = nil
    }

    /// A scan found this row first in the lane.
    func sawHead(at place: LanePlace, now: Instant) {
        if place.dueAt > now {
            expect(at: place.dueAt)
        } else if !known.contains(Delivery.ID(place.id)), place <= cursor || !mayHaveRows {
            wake(from: place.dueAt)  // nobody told of it
        }
    }

    // MARK: Rows that are not yet due

    /// All due rows are read and the first later one is unknown.
    var wantsPeek: Bool { mayHaveLater && nextDue == nil && !mayHaveRows && !isReading && !keys.blocksAll }

    /// The first row past the cursor is due at `dueAt`; nil: there is none.
    func peeked(_ dueAt: Instant?) {
        mayHaveLater = false
        if let dueAt { expect(at: dueAt) }
    }

    /// A row will be due at `dueAt`.
    func expect(at dueAt: Instant) { nextDue = min(nextDue ?? dueAt, dueAt) }

    /// Time has come to ``nextDue``: its rows are to be read. True when there was something.
    func becomeDue(at now: Instant) -> Bool {
        guard let dueAt = nextDue, dueAt <= now else { return false }
        nextDue = nil
        mayHaveLater = true
        wake(from: dueAt)
        return true
    }

    /// Gives back all but the first `count` of the window: they are read again when there is room.
    func shrink(to count: Int) {
        guard window.count > count else { return }
        let place = count > 0 ? window[count - 1].place : window[0].place.predecessor
        for delivery in window[count...] { forgetQueued(delivery) }
        window.removeLast(window.count - count)
        width = LaneRoom.narrowest
        readAgain(from: place)
    }

    private func forgetQueued(_ delivery: Delivery) {
        known.remove(delivery.id)
        if let key = delivery.orderKey { keys.forget(key) }
    }

    /// Empties the window without settling anything: the shard goes to another owner, or the webhook is held.
    func clearWindow() {
        shrink(to: 0)
        clearKeys(keeping: unrecordedHeads)
    }

    /// Returns the heads that waited.
    @discardableResult
    private func clearKeys(keeping kept: Set<Delivery.ID>) -> [Delivery] {
        if !keys.skipped.isEmpty { readAgain(from: .start) }
        let heads = keys.clear(keeping: kept)
        for head in heads { known.remove(head.id) }
        return heads
    }

    // MARK: Sending

    /// Whether ``take(at:limits:)`` would give something.
    func isReady(at now: Instant, limits: PaceLimits) -> Bool {
        (keys.hasDueHead(at: now) || firstFree != nil)
            && pace.mayStart(at: now, inFlight: inFlight, limits: limits)
    }

    /// Takes the next delivery that may be sent now.
    func take(at now: Instant, limits: PaceLimits) -> Delivery? {
        guard pace.mayStart(at: now, inFlight: inFlight, limits: limits), let delivery = takeFirst(at: now) else {
            return nil
        }
        pace.start(at: now, limits: limits)
        inFlight += 1
        if let key = delivery.orderKey { keys.start(key) }
        return delivery
    }

    private func takeFirst(at now: Instant) -> Delivery? {
        if let head = keys.takeDueHead(at: now) { return head }
        guard let index = firstFree else { return nil }
        let delivery = index == 0 ? window.removeFirst() : window.remove(at: index)
        if let key = delivery.orderKey { keys.count(key, -1) }
        return delivery
    }

    /// The first of the window whose key, if it has one, has nothing under way.
    private var firstFree: Int? {
        guard let first = window.first else { return nil }
        return first.orderKey == nil ? 0 : window.firstIndex { $0.orderKey.map { !keys.isBusy($0) } ?? true }
    }

    /// Nothing goes out for a while, whatever is read: it needs no rows until then.
    func isAsleep(at now: Instant, limits: PaceLimits) -> Bool {
        pace.nextChance(after: now, limits: limits).map { $0 > now + LaneRoom.sleep } ?? false
    }

    /// When there will be something to do without anything else happening: a row is due, a pause ends, a head may go.
    func nextChance(after now: Instant, limits: PaceLimits) -> Instant? {
        let head = keys.heads.first?.notBefore.flatMap { $0 > now ? $0 : nil }
        let isWaiting = !window.isEmpty || !keys.heads.isEmpty || wantsRows || wantsPeek
        let pace = isWaiting ? pace.nextChance(after: now, limits: limits) : nil
        return [nextDue, head, pace].compactMap(\.self).min()
    }

    // MARK: What became of a delivery that was taken

    /// Nothing was sent: it goes back to its place.
    func putBack(_ delivery: Delivery, at now: Instant, limits: PaceLimits) {
        pace.cancelStart(at: now, limits: limits)
        land(delivery)
        if let key = delivery.orderKey {
            if delivery.notBefore != nil { return hold(delivery, key) }
            keys.count(key, 1)
        }
        window.insert(delivery, at: window.firstIndex { delivery.place < $0.place } ?? window.endIndex)
    }

    /// It is settled, or a retry of an unordered one. Its id stays known until ``forget(_:)``.
    func finish(_ delivery: Delivery) {
        land(delivery)
        if let key = delivery.orderKey, keys.settled(key) { readAgain(from: delivery.place) }
    }

    /// A failed one of an ordered lane stays at its place, and keeps its followers back, until it may go again.
    func keepHead(_ delivery: Delivery) {
        land(delivery)
        unrecordedHeads.insert(delivery.id)
        if let key = delivery.orderKey { hold(delivery, key) }
    }

    private func land(_ delivery: Delivery) {
        inFlight -= 1
        if let key = delivery.orderKey { keys.stop(key) }
    }

    private func hold(_ head: Delivery, _ key: Int64) {
        for follower in window where follower.orderKey == key { known.remove(follower.id) }
        window.removeAll { $0.orderKey == key }
        keys.wait(head, key)
    }

    /// Takes everything out without sending: to be settled as discarded. What is in the table only is read again.
    func takeAll() -> [Delivery] {
        defer { window.removeAll() }
        let heads = clearKeys(keeping: [])
        for head in heads { known.insert(head.id) }  // until it is recorded
        return Array(window) + heads
    }

    /// A statement looks for deliveries to be settled without being sent, whatever the cursor. Until
    /// ``endExpiring()`` what was settled stays known, for the statement may still show it.
    func beginExpiring() { known.beginStatement() }

    func endExpiring() { known.endStatement() }

    /// Takes deliveries out, wherever they are, to be settled without being sent. Those under way, or being recorded,
    /// or settled since ``beginExpiring()``, are left out: they are not returned.
    func takeExpired(_ deliveries: [Delivery]) -> [Delivery] {
        clearWindow()
        return deliveries.filter { known.insert($0.id) }  // until it is recorded
    }

    // MARK: Recording

    /// What another owner must know, to be saved now.
    func takeMemory() -> LaneState {
        pace.saved()
        return pace.memory(of: webhookID, in: shard)
    }

    /// Its flush is committed.
    func forget(_ id: Delivery.ID) { known.settle(id) }

    /// A retry was recorded with a new place: it is read again from there when it is due.
    func moved(_ id: Delivery.ID, to dueAt: Instant) {
        forget(id)
        expect(at: dueAt)
    }

    /// The failure of a head is in the table.
    func recordedHead(_ id: Delivery.ID) { unrecordedHeads.remove(id) }
}
