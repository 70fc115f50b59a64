import DequeModule
import Webhooks

/// The in-memory queue of one webhook inside its owner: a window on its rows of `deliveries`, and what is in flight.
///
/// The table is the truth, the lane a cache of it. Everything is decided here and nothing done: the dispatcher reads
/// rows into it, takes deliveries out of it and tells it what became of them.
struct Lane {
    let shard: Shard
    let webhookID: Webhook.ID
    /// Rows up to here were read. A wake or a retry that lies behind sets it back.
    private(set) var cursor = LanePlace.start
    /// Rows past the cursor may exist.
    private(set) var wantsRows = true
    /// Read and not yet taken, in the order of the table.
    private(set) var window: Deque<Delivery> = []
    private(set) var inFlight = 0
    /// Ids that a read may still show although they are in the window, in flight, or settled by a flush that began
    /// later than the read.
    private var known: Set<Delivery.ID> = []
    /// Order keys with a request under way.
    private var busyKeys: Set<Int64> = []
    /// Where the cursor must go back to when the read that is under way has returned.
    private var rewind: LanePlace?
    private(set) var isReading = false
    /// Ids to forget when the read that is under way has returned: it may still show them.
    private var forgetAfterRead: [Delivery.ID] = []
    /// No request before this instant of the database's clock (`Retry-After`).
    private(set) var pausedUntil: Instant?
    /// When the first row that is not yet due will be, as far as it is known.
    private(set) var nextDue: Instant?
    /// Rows that are not yet due may exist although ``nextDue`` is unknown.
    private var mayHaveLater = true

    init(shard: Shard, webhookID: Webhook.ID) {
        self.shard = shard
        self.webhookID = webhookID
    }

    // MARK: Reading

    /// New rows are due from `dueAt` on; a cursor that has passed it goes back.
    mutating func wake(from dueAt: Instant) {
        wantsRows = true
        moveBack(to: .before(dueAt))
    }

    /// Everything is read again, from the start.
    mutating func wakeFromStart() { wake(from: LanePlace.start.dueAt) }

    private mutating func moveBack(to place: LanePlace) {
        if place < cursor { cursor = place }
        if isReading { rewind = min(rewind ?? place, place) }
    }

    /// A read of at most `room` rows past the cursor begins.
    mutating func beginRead() {
        isReading = true
        rewind = nil
        wantsRows = false
    }

    /// The read returned `rows`, in order; `isFull` when there may be more behind them.
    mutating func endRead(_ rows: [Delivery], isFull: Bool) {
        if isFull { wantsRows = true }
        if let last = rows.last { cursor = max(cursor, last.place) }
        let isBehind = window.last.map { last in rows.first.map { $0.place < last.place } ?? false } ?? false
        for row in rows where known.insert(row.id).inserted { window.append(row) }
        if isBehind { window.sort { $0.place < $1.place } }
        leaveRead()
    }

    /// The read failed: its rows are still to be read.
    mutating func failRead() {
        wantsRows = true
        leaveRead()
    }

    private mutating func leaveRead() {
        isReading = false
        if let rewind, rewind < cursor {
            cursor = rewind
            wantsRows = true
        }
        rewind = nil
        for id in forgetAfterRead { known.remove(id) }
        forgetAfterRead.removeAll()
    }

    /// A scan found this row first in the lane.
    mutating func sawHead(at place: LanePlace, now: Instant) {
        if place.dueAt > now {
            expect(at: place.dueAt)
        } else if place <= cursor, !known.contains(Delivery.ID(place.id)) {
            wake(from: place.dueAt)  // nobody told of it
        }
    }

    // MARK: Rows that are not yet due

    /// All due rows are read and the first later one is unknown.
    var wantsPeek: Bool { mayHaveLater && nextDue == nil && !wantsRows && !isReading }

    /// The first row past the cursor is due at `dueAt`; nil: there is none.
    mutating func peeked(_ dueAt: Instant?) {
        mayHaveLater = false
        if let dueAt { expect(at: dueAt) }
    }

    /// A row will be due at `dueAt`.
    mutating func expect(at dueAt: Instant) { nextDue = min(nextDue ?? dueAt, dueAt) }

    /// Time has come to ``nextDue``: its rows are to be read. True when there was something.
    mutating func becomeDue(at now: Instant) -> Bool {
        guard let dueAt = nextDue, dueAt <= now else { return false }
        nextDue = nil
        mayHaveLater = true
        wake(from: dueAt)
        return true
    }

    /// Gives back all but the first `count` of the window: they are read again when there is room.
    mutating func shrink(to count: Int) {
        guard window.count > count else { return }
        let place = count > 0 ? window[count - 1].place : window[0].place.predecessor
        for delivery in window[count...] { known.remove(delivery.id) }
        window.removeLast(window.count - count)
        wantsRows = true
        moveBack(to: place)
    }

    /// Empties the window without settling anything: the shard goes to another owner, or the webhook is held.
    mutating func clearWindow() { shrink(to: 0) }

    // MARK: Sending

    /// Whether ``take(at:)`` would give something.
    func isReady(at now: Instant, concurrency: Int) -> Bool { position(at: now, concurrency: concurrency) != nil }

    /// Takes the next delivery that may be sent now.
    mutating func take(at now: Instant, concurrency: Int) -> Delivery? {
        guard let position = position(at: now, concurrency: concurrency) else { return nil }
        let delivery = position == 0 ? window.removeFirst() : window.remove(at: position)
        inFlight += 1
        if let key = delivery.orderKey { busyKeys.insert(key) }
        return delivery
    }

    private func position(at now: Instant, concurrency: Int) -> Int? {
        guard inFlight < concurrency, let first = window.first else { return nil }
        if let pausedUntil, now < pausedUntil { return nil }
        guard first.orderKey != nil else { return 0 }
        var blocked = busyKeys
        for (index, delivery) in window.enumerated() {
            guard let key = delivery.orderKey else { return index }
            if !blocked.contains(key), delivery.notBefore.map({ $0 <= now }) ?? true { return index }
            blocked.insert(key)
        }
        return nil
    }

    /// When there will be something to do without anything else happening: a row is due, a pause ends, a head may go.
    func nextChance(after now: Instant) -> Instant? {
        var chance = nextDue
        func consider(_ instant: Instant?) { if let instant { chance = min(chance ?? instant, instant) } }
        if !window.isEmpty, let pausedUntil, now < pausedUntil { consider(pausedUntil) }
        if window.first?.orderKey != nil { consider(window.lazy.compactMap(\.notBefore).filter { $0 > now }.min()) }
        return chance
    }

    /// Nothing goes out before `instant`.
    mutating func pause(until instant: Instant) { pausedUntil = max(pausedUntil ?? instant, instant) }

    /// A delivery that was taken is put back: nothing was sent.
    mutating func putBack(_ delivery: Delivery) {
        finish(delivery)
        let index = window.firstIndex { delivery.place < $0.place } ?? window.endIndex
        window.insert(delivery, at: index)
    }

    /// The request of a delivery that was taken has ended. Its id stays known until ``forget(_:)``.
    mutating func finish(_ delivery: Delivery) {
        inFlight -= 1
        if let key = delivery.orderKey { busyKeys.remove(key) }
    }

    /// Takes everything out without sending: to be settled as discarded.
    mutating func takeAll() -> [Delivery] {
        defer { window.removeAll() }
        return Array(window)
    }

    // MARK: Recording

    /// Its flush is committed: only a read that is already under way may still show it.
    mutating func forget(_ id: Delivery.ID) {
        if isReading { forgetAfterRead.append(id) } else { known.remove(id) }
    }

    /// A failed head of an ordered lane stays at its place and blocks its followers until it may go again.
    mutating func keepHead(_ delivery: Delivery) {
        let index = window.firstIndex { delivery.place < $0.place } ?? window.endIndex
        window.insert(delivery, at: index)
    }

    /// A retry was recorded with a new place: it is read again from there when it is due.
    mutating func moved(_ id: Delivery.ID, to dueAt: Instant) {
        forget(id)
        expect(at: dueAt)
    }
}
