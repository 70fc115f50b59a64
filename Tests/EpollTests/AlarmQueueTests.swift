import Testing

@testable import Epoll

@Suite struct AlarmQueueTests {
    private let start = ContinuousClock.now

    /// Fires everything that is due `seconds` from the start.
    private func fire(_ queue: inout AlarmQueue, by seconds: Int) {
        while let action = queue.popDue(by: start + .seconds(seconds)) { action() }
    }

    @Test(
        "Alarms fire by deadline, those of one deadline in the order they were set",
        arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func order(seed: Int) {
        var queue = AlarmQueue()
        var fired: [Int] = []
        let deadlines = (0..<500).map { ($0 * (7 + seed * 2) + seed) % 50 }
        for (number, deadline) in deadlines.enumerated() {
            _ = queue.set(at: start + .seconds(deadline)) { fired.append(number) }
        }
        fire(&queue, by: 50)
        let expected = deadlines.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }.map(\.offset)
        #expect(fired == expected)
        #expect(queue.count == 0)
    }

    @Test func nothingFiresBeforeItsDeadline() {
        var queue = AlarmQueue()
        var fired: [Int] = []
        for deadline in [5, 1, 3] { _ = queue.set(at: start + .seconds(deadline)) { fired.append(deadline) } }
        fire(&queue, by: 0)
        #expect(fired.isEmpty)
        #expect(queue.next() == start + .seconds(1))
        fire(&queue, by: 3)
        #expect(fired == [1, 3])
        #expect(queue.next() == start + .seconds(5))
    }

    @Test func cancelledAlarmsNeverFireAndGiveTheirMemoryBack() {
        var queue = AlarmQueue()
        var fired = 0
        let alarms = (0..<1000).map { number in queue.set(at: start + .seconds(number % 10)) { fired += number } }
        for alarm in alarms.dropLast() { queue.cancel(alarm) }
        #expect(queue.count == 1)
        #expect(queue.next() == start + .seconds(9))
        queue.cancel(alarms[0])  // again: harmless
        fire(&queue, by: 10)
        #expect(fired == 999)
        queue.cancel(alarms[999])  // after it fired: harmless
        #expect(queue.next() == nil)
    }

    @Test func anActionMayNotBeCancelledByTheNumberOfAnother() {
        var queue = AlarmQueue()
        var fired: [String] = []
        let first = queue.set(at: start) { fired.append("first") }
        fire(&queue, by: 0)
        _ = queue.set(at: start) { fired.append("second") }
        queue.cancel(first)
        fire(&queue, by: 0)
        #expect(fired == ["first", "second"])
    }
}
