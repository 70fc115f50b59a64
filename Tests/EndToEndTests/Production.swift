import Synchronization

/// Orders that are posted until they are told to end, and those of them that were answered 202.
final class Production: Sendable {
    private let ids = Mutex<Set<String>>([])
    private let isOver = Atomic(false)

    /// Their ids so far.
    var accepted: Set<String> { ids.withLock(\.self) }

    func end() { isOver.store(true, ordering: .relaxed) }

    /// Each caller posts ten a second until the end, so that a busy machine keeps up.
    func run(_ callers: [Caller]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in callers {
                group.addTask {
                    var number = 0
                    while !self.isOver.load(ordering: .relaxed) {
                        number += 1
                        guard let event = try await caller.post(order: number) else { continue }
                        self.ids.withLock { _ = $0.insert(event.id) }
                        try await Task.sleep(for: .milliseconds(100))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Runs `body` while orders are posted, and ends them with it.
    func during(
        _ callers: [Caller], _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.run(callers) }
            group.addTask {
                defer { self.end() }
                try await body()
            }
            try await group.waitForAll()
        }
    }
}
