import DequeModule
import Epoll
import Postgres
import Store
import Webhooks

/// Reading the rows of lanes that want work: one batched statement for many lanes, strictly past each one's cursor.
extension Dispatcher {
    /// Rows that fall due while the statement runs are taken too, and a small error of the clock does no harm.
    static let slack = Duration.milliseconds(50)
    static let lanesARead = 512

    func wantRead(_ lane: Lane) {
        if lanesToRead.add(lane.webhookID, of: lane.shard) { readSignal.raise() }
    }

    private func wantAgain(_ webhook: Webhook.ID) {
        if let lane = lanes[webhook] { wantRead(lane) }
    }

    func readLanes() async {
        for await _ in readSignal.raised {
            while !lanesToRead.isEmpty {
                if lanes.windowTotal >= LaneRoom.total { lanes.shrinkWidest() }
                let (reads, peeks) = nextReads()
                guard !reads.isEmpty || !peeks.isEmpty else { break }
                do {
                    if !reads.isEmpty { try await read(reads) }
                    if !peeks.isEmpty { try await peek(peeks) }
                } catch {
                    for lane in reads where lanes[lane.webhook]?.isReading == true {
                        lanes[lane.webhook]?.failRead()
                        wantAgain(lane.webhook)
                    }
                    for lane in peeks { wantAgain(lane.webhook) }
                    meters.databaseFailed(error, logger)
                    await reactor.pause(for: .milliseconds(250))
                }
            }
        }
    }

    /// Takes lanes from the queue until a read is full.
    private func nextReads() -> (reads: [LaneCursor], peeks: [LaneCursor]) {
        var (reads, peeks): ([LaneCursor], [LaneCursor]) = ([], [])
        var (rows, total) = (0, lanes.windowTotal)
        var waiting = lanesToRead.count
        while waiting > 0, reads.count + peeks.count < Self.lanesARead, rows < LaneRoom.read,
            let webhook = lanesToRead.next()
        {
            waiting -= 1
            guard let lane = lanes[webhook], owned.contains(lane.shard), !lane.isReading, !isAsleep(lane) else {
                continue
            }
            if lane.wantsRows {
                let room = min(
                    LaneRoom.room(width: lane.width, count: lane.window.count, total: total), LaneRoom.read - rows)
                guard room > 0 else {
                    starved.append(webhook)
                    continue
                }
                rows += room
                total += room
                reads.append(LaneCursor(lane, room: room))
                lane.beginRead()
            } else if lane.wantsPeek {
                peeks.append(LaneCursor(lane, room: 1))
            }
        }
        return (reads, peeks)
    }

    /// It has what it can send for a while; it fell asleep in the line.
    private func isAsleep(_ lane: Lane) -> Bool {
        guard case .active(let subscriber) = subscribers.state(of: lane.webhookID), !lane.window.isEmpty else {
            return false
        }
        return lane.isAsleep(at: permit.databaseNow, limits: subscriber.limits)
    }

    private func read(_ cursors: [LaneCursor]) async throws(PostgresError) {
        let found = try await findRows(past: cursors, until: permit.databaseNow + Self.slack)
        for (cursor, deliveries) in zip(cursors, found) {
            guard lanes[cursor.webhook]?.isReading == true else { continue }  // its shard was lost meanwhile
            lanes.with(cursor.webhook, in: cursor.shard) {
                $0.endRead(deliveries, isFull: deliveries.count >= cursor.room)
            }
            reconsider(cursor.webhook)
        }
    }

    /// Asks when the first row past the cursor will be due, where all that are due now are read.
    private func peek(_ cursors: [LaneCursor]) async throws(PostgresError) {
        let found = try await findRows(past: cursors, until: .distantFuture)
        for (cursor, deliveries) in zip(cursors, found) where lanes[cursor.webhook] != nil {
            lanes.with(cursor.webhook, in: cursor.shard) { $0.peeked(deliveries.first?.dueAt) }
            reconsider(cursor.webhook)
        }
    }

    /// Of each lane its next rows: all in one statement, but those with order keys that are passed over.
    private func findRows(past cursors: [LaneCursor], until: Instant) async throws(PostgresError) -> [[Delivery]] {
        var found = [[Delivery]](repeating: [], count: cursors.count)
        let blocked = cursors.map { lanes[$0.webhook]?.keys.skipped ?? [] }
        let free = cursors.indices.filter { blocked[$0].isEmpty }
        for row in try await pool.execute(FindNextDeliveries(lanes: free.map { cursors[$0] }, until: until)) {
            found[free[row.lane]].append(row.delivery)
        }
        let ordered = cursors.indices.filter { !blocked[$0].isEmpty }
        guard !ordered.isEmpty else { return found }
        let statements = ordered.map {
            FindOrderedDeliveries(lane: cursors[$0], until: until, blocked: blocked[$0].sorted())
        }
        for (index, rows) in zip(ordered, try await pool.transact(all: statements)) { found[index] = rows }
        return found
    }

    /// Lanes for which there was no room ask again.
    func askForStarved() {
        for webhook in starved { wantAgain(webhook) }
        starved.removeAll()
    }
}

extension LaneCursor {
    init(_ lane: Lane, room: Int) {
        self.init(
            shard: lane.shard, webhook: lane.webhookID, dueAt: lane.cursor.dueAt,
            id: Delivery.ID(lane.cursor.id), room: room)
    }
}
