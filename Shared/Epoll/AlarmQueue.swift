/// Alarms by deadline, those of one deadline in the order they were set. Setting and firing cost O(log n), cancelling
/// O(1).
struct AlarmQueue {
    private struct Entry {
        let deadline: ContinuousClock.Instant
        let id: Reactor.AlarmID
    }

    private var heap: [Entry] = []
    private var actions: [Reactor.AlarmID: () -> Void] = [:]
    private var lastID: Reactor.AlarmID = 0

    /// Alarms that are set and neither fired nor cancelled.
    var count: Int { actions.count }

    mutating func set(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> Reactor.AlarmID {
        lastID += 1
        actions[lastID] = action
        heap.append(Entry(deadline: deadline, id: lastID))
        var child = heap.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
        return lastID
    }

    /// Forgets the action; its entry goes when it reaches the top, or when most entries are such.
    mutating func cancel(_ id: Reactor.AlarmID) {
        actions[id] = nil
        guard heap.count > 64, heap.count > 2 * actions.count else { return }
        heap = heap.filter { actions[$0.id] != nil }
            .sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }  // a sorted array is a heap
    }

    /// The earliest deadline that is not cancelled.
    mutating func next() -> ContinuousClock.Instant? {
        while let first = heap.first, actions[first.id] == nil { removeFirst() }
        return heap.first?.deadline
    }

    mutating func popDue(by now: ContinuousClock.Instant) -> (() -> Void)? {
        guard let deadline = next(), deadline <= now else { return nil }
        return actions.removeValue(forKey: removeFirst().id)
    }

    @discardableResult
    private mutating func removeFirst() -> Entry {
        heap.swapAt(0, heap.count - 1)
        defer { siftDown() }
        return heap.removeLast()
    }

    private mutating func siftDown() {
        var parent = 0
        while 2 * parent + 1 < heap.count {
            let left = 2 * parent + 1
            let right = left + 1
            let child = right < heap.count && isBefore(right, left) ? right : left
            guard isBefore(child, parent) else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }

    private func isBefore(_ one: Int, _ other: Int) -> Bool {
        (heap[one].deadline, heap[one].id) < (heap[other].deadline, heap[other].id)
    }
}
