import Synchronization

/// Bytes of request bodies that are in memory, from their first byte to their answer: what bounds the service's memory
/// however many large requests come at once.
final class IntakeBudget: Sendable {
    /// Bytes.
    let limit: Int
    private let taken = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// False: that would be too much, and nothing was taken.
    func take(_ bytes: Int) -> Bool {
        guard taken.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit else {
            give(bytes)
            return false
        }
        return true
    }

    func give(_ bytes: Int) { taken.wrappingSubtract(bytes, ordering: .relaxed) }

    var isUntouched: Bool { taken.load(ordering: .relaxed) == 0 }
}
