import Synchronization

/// Batches of events, posted as long as not too much is owed: as fast as Martlet delivers, and no faster.
final class BatchLoad: Sendable {
    private let tenants: [BenchTenant]
    private let payload: SamplePayload
    private let batch: Int
    private let whole: BatchBody
    private let state = Mutex<(posted: Int, accepted: Int)>((0, 0))

    /// - Parameter batch: events of one POST.
    init(tenants: [BenchTenant], payload: SamplePayload, batch: Int) {
        self.tenants = tenants
        self.payload = payload
        self.batch = max(batch, 1)
        whole = BatchBody(events: self.batch, of: payload)
    }

    /// Events that were answered 202.
    var accepted: Int { state.withLock(\.accepted) }

    private struct Limits: Sendable {
        let events: Int
        let isOver: @Sendable () -> Bool
        let isFull: @Sendable () async throws -> Bool
    }

    /// Posts until `events` are accepted, or `isOver` says so. `isFull`: whether to hold back now.
    func run(
        events: Int, posters: Int = 2, isOver: @escaping @Sendable () -> Bool = { false },
        isFull: @escaping @Sendable () async throws -> Bool = { false }
    ) async throws {
        // In an array: what an async closure holds is kept small (see ARCHITECTURE.md, Swift 6.3.1).
        let limits = [Limits(events: events, isOver: isOver, isFull: isFull)]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<posters { group.addTask { try await self.post(limits[0]) } }
            try await group.waitForAll()
        }
    }

    private func post(_ limits: Limits) async throws {
        while !limits.isOver() {
            let mine = state.withLock { state -> (first: Int, count: Int) in
                let count = max(0, min(batch, limits.events - state.posted))
                state.posted += count
                return (state.posted - count, count)
            }
            guard mine.count > 0 else { return }
            let hasRoom = try await Deadline.wait(for: .seconds(120)) {
                if limits.isOver() { return true }
                return try await !limits.isFull()
            }
            guard hasRoom else { throw CommandFailure("nothing was delivered for two minutes") }
            try await post(mine.first, mine.count)
        }
    }

    /// One POST: the next tenant in turn, events that no other POST has.
    private func post(_ first: Int, _ count: Int) async throws {
        let body = count == batch ? whole : BatchBody(events: count, of: payload)
        let (bytes, turn) = (body.numbered(from: first), first / batch % tenants.count)
        let wasTaken = try await Deadline.wait(for: .seconds(60)) {  // 503: too much at once, try again
            let answer = try await tenants[turn].ingester.require([202, 503], "POST", "/company/events", body: bytes)
            return answer.status == 202
        }
        guard wasTaken else { throw CommandFailure("the ingester refused everything for a minute") }
        state.withLock { $0.accepted += count }
    }
}
