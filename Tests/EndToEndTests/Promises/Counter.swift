import Synchronization

/// How many are inside at once.
final class Counter: Sendable {
    private let values = Mutex((now: 0, most: 0))

    var most: Int { values.withLock(\.most) }

    func during(_ body: () -> Void) {
        values.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
        body()
        values.withLock { $0.now -= 1 }
    }
}
