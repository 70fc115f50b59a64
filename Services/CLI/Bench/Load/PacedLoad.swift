/// So many calls a second, whatever the answers take.
final class PacedLoad: Sendable {
    private let perSecond: Int
    private let count: Int
    /// Calls under way at most; beyond, the load falls behind.
    private let atOnce = 256

    init(perSecond: Int, seconds: Int) {
        self.perSecond = perSecond
        count = perSecond * seconds
    }

    /// - Parameter send: gets the number of the call, from 0.
    func run(_ send: @escaping @Sendable (Int) async throws -> Void) async throws {
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                try await ContinuousClock().sleep(until: began + .seconds(1) * number / perSecond)
                if number >= atOnce { try await group.next() }
                group.addTask { try await send(number) }
            }
            try await group.waitForAll()
        }
    }
}
