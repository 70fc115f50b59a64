import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// A lane against a simulated table: rows commit late and out of order, reads return what was true when they began,
/// flushes are acknowledged later than they take effect, windows shrink. Nothing may be lost and nothing sent twice.
@Suite struct LaneSimulationTests {
    @Test("Every row is settled once, whatever the order of commits, reads and flushes", arguments: 0..<60)
    func everyRowOnce(seed: UInt64) {
        var world = LaneWorld(seed: seed)
        for _ in 0..<3000 { world.step() }
        world.settleDown()
        #expect(world.sentTwice.isEmpty)
        #expect(world.settled.count == world.inserted)
        #expect(world.table.isEmpty)
    }

    @Test("Of each order key one at a time, in the order of the table, and each row once", arguments: 0..<60)
    func orderedRows(seed: UInt64) {
        var world = LaneWorld(seed: seed, keyCount: seed % 3 == 0 ? 1 : Int(seed % 7))
        for _ in 0..<1200 { world.step() }
        world.settleDown()
        #expect(world.sentTwice.isEmpty)
        #expect(world.outOfOrder.isEmpty)
        #expect(world.settled.count == world.inserted)
    }
}

struct LaneWorld {
    static let shard = Shard(7)!
    let tenant = Tenant.ID(ULID(1))
    let webhook = Webhook.ID(ULID(2))

    var random: SeededRandom
    var now = Instant(microseconds: 1_000_000)
    var table: [Delivery.ID: Delivery] = [:]
    var uncommitted: [(dueAt: Instant, rows: [Delivery])] = []
    var lane: Lane
    var read: (rows: [Delivery], isFull: Bool)?
    var inFlight: [Delivery] = []
    var unacknowledged: [(id: Delivery.ID, retryAt: Instant?)] = []
    var settled: Set<Delivery.ID> = []
    var sentTwice: [Delivery.ID] = []
    var inserted = 0
    /// 0: unordered; 1: all of one key (`ordering: webhook`).
    let keyCount: Int
    var outOfOrder: [Delivery.ID] = []
    var unrecordedHeads: [Delivery.ID] = []

    init(seed: UInt64, keyCount: Int = 0) {
        self.keyCount = keyCount
        random = SeededRandom(seed: seed)
        lane = Lane(shard: Self.shard, webhookID: webhook)
    }

    mutating func step() {
        now = now + .microseconds(Int64.random(in: 0...50, using: &random))
        switch Int.random(in: 0..<12, using: &random) {
        case 0: begin()
        case 1: commit()
        case 2, 3: startRead()
        case 4, 5: endRead()
        case 6, 7: send()
        case 8: finish()
        case 9: acknowledge()
        case 10: if lane.becomeDue(at: now) {}
        default:
            switch Int.random(in: 0..<10, using: &random) {
            case 0: lane.shrink(to: Int.random(in: 0..<4, using: &random))
            case 1: putBack()
            case 2: lane.clearWindow()
            default: break
            }
        }
    }

    /// A transaction takes its place in time now and becomes visible later.
    private mutating func begin() {
        now = now + .microseconds(1)
        let rows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            Delivery(
                id: Delivery.ID(ULID(UInt128(random.next()))), shard: Self.shard, tenantID: tenant, webhookID: webhook,
                eventID: Event.ID(ULID(3)), dueAt: now,
                orderKey: keyCount == 0
                    ? nil : Int64.random(in: 0..<Int64(keyCount), using: &random) + (keyCount > 1 ? 1 : 0))
        }
        inserted += rows.count
        uncommitted.append((now, rows))
    }

    private mutating func commit() {
        guard !uncommitted.isEmpty else { return }
        // Order is promised for what was accepted one after the other: there the earlier one commits first.
        let index = keyCount == 0 ? Int.random(in: 0..<uncommitted.count, using: &random) : 0
        let transaction = uncommitted.remove(at: index)
        for row in transaction.rows { table[row.id] = row }
        lane.wake(from: transaction.dueAt)
    }

    private mutating func startRead() {
        guard lane.wantsRows, !lane.isReading else {
            if lane.wantsPeek { peek() }
            return
        }
        let room = Int.random(in: 1...5, using: &random)
        let cursor = lane.cursor
        let skipped = lane.keys.skipped
        let past = table.values.filter { row in
            row.place > cursor && row.dueAt <= now && !(row.orderKey.map(skipped.contains) ?? false)
        }.sorted { $0.place < $1.place }
        lane.beginRead()
        read = (Array(past.prefix(room)), past.count >= room)
    }

    private mutating func peek() {
        let (cursor, skipped) = (lane.cursor, lane.keys.skipped)
        let later = table.values.filter { $0.place > cursor && !($0.orderKey.map(skipped.contains) ?? false) }
        lane.peeked(later.map(\.dueAt).min())
    }

    private mutating func endRead() {
        guard let result = read else { return }
        read = nil
        if Int.random(in: 0..<10, using: &random) == 0 { return lane.failRead() }
        lane.endRead(result.rows, isFull: result.isFull)
    }

    private mutating func send() {
        guard let delivery = lane.take(at: now, limits: PaceLimits(concurrency: 3)) else { return }
        if settled.contains(delivery.id) || inFlight.contains(where: { $0.id == delivery.id }) {
            sentTwice.append(delivery.id)
        }
        let isEarly = table.values.contains { $0.orderKey == delivery.orderKey && $0.place < delivery.place }
        if delivery.orderKey != nil, isEarly { outOfOrder.append(delivery.id) }
        inFlight.append(delivery)
    }

    /// A request did not go out after all.
    private mutating func putBack() {
        guard let delivery = inFlight.popLast() else { return }
        lane.putBack(delivery, at: now, limits: PaceLimits(concurrency: 3))
    }

    /// The request ends and its flush takes effect; the acknowledgement comes later.
    private mutating func finish() {
        guard !inFlight.isEmpty else { return }
        let delivery = inFlight.remove(at: Int.random(in: 0..<inFlight.count, using: &random))
        guard var row = table[delivery.id] else { return lane.finish(delivery) }
        let fails = Int.random(in: 0..<3, using: &random) == 0
        if fails, row.orderKey != nil {
            row.notBefore = now + .microseconds(Int64.random(in: 0...400, using: &random))
            row.attempts += 1
            table[row.id] = row
            lane.keepHead(row)
            unrecordedHeads.append(row.id)
            return
        }
        lane.finish(delivery)
        if fails {
            row.dueAt = now + .microseconds(Int64.random(in: 0...400, using: &random))
            table[row.id] = row
            unacknowledged.append((row.id, row.dueAt))
        } else {
            table[row.id] = nil
            settled.insert(row.id)
            unacknowledged.append((row.id, nil))
        }
    }

    private mutating func acknowledge() {
        for (id, retryAt) in unacknowledged {
            if let retryAt { lane.moved(id, to: retryAt) } else { lane.forget(id) }
        }
        unacknowledged.removeAll()
        for head in unrecordedHeads { lane.recordedHead(head) }
        unrecordedHeads.removeAll()
    }

    mutating func settleDown() {
        for _ in 0..<100_000 where !uncommitted.isEmpty || !table.isEmpty || !unacknowledged.isEmpty {
            now = now + .microseconds(20)
            commit()
            startRead()
            endRead()
            send()
            finish()
            acknowledge()
            _ = lane.becomeDue(at: now)
        }
    }
}
