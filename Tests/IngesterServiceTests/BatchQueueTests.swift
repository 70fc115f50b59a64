import Testing

@testable import IngesterService

@Suite struct BatchQueueTests {
    private func queue(_ weights: [BatchWeight]) -> BatchQueue<Int> {
        var queue = BatchQueue<Int>()
        for (number, weight) in weights.enumerated() {
            let isTaken = queue.add(number, weighing: weight)
            #expect(isTaken)
        }
        return queue
    }

    private func batches(_ queue: consuming BatchQueue<Int>) -> [[Int]] {
        var batches: [[Int]] = []
        while case let batch = queue.next(), !batch.isEmpty { batches.append(batch) }
        return batches
    }

    private static func weight(_ events: Int, _ deliveries: Int = 0, _ bytes: Int = 0) -> BatchWeight {
        BatchWeight(events: events, deliveries: deliveries, bytes: bytes)
    }

    @Test(
        "A batch ends before the request that is too much",
        arguments: [
            ([], []),
            ([weight(1)], [[0]]),
            ([weight(1), weight(1), weight(1)], [[0, 1, 2]]),
            ([weight(499), weight(1), weight(1)], [[0, 1], [2]]),
            ([weight(1000), weight(1)], [[0], [1]]),
            ([weight(1), weight(1000), weight(1)], [[0], [1], [2]]),
            ([weight(1, 5000), weight(1), weight(1, 1)], [[0, 1], [2]]),
            ([weight(1, 200_000), weight(1)], [[0], [1]]),
            ([weight(1, 1, 4 << 20), weight(1, 1, 1)], [[0], [1]]),
            ([weight(1, 1, 5 << 20), weight(1, 1, 1)], [[0], [1]]),
            ([weight(1, 1, 2 << 20), weight(1, 1, 2 << 20), weight(1, 1, 1)], [[0, 1], [2]]),
        ] as [([BatchWeight], [[Int]])])
    func ends(weights: [BatchWeight], expected: [[Int]]) {
        #expect(batches(queue(weights)) == expected)
    }

    @Test func fullQueueTakesNothing() {
        var queue = queue([Self.weight(20_000)])
        let isTakenWhileFull = queue.add(1, weighing: Self.weight(1))
        let first = queue.next()
        #expect(!isTakenWhileFull && first == [0])
        #expect(queue.waiting == .zero)
        let isTaken = queue.add(2, weighing: Self.weight(1))
        let second = queue.next()
        #expect(isTaken && second == [2])
    }

    @Test func anEmptyQueueTakesWhateverComes() {
        var queue = BatchQueue<Int>()
        let isTaken = queue.add(0, weighing: Self.weight(1, 200_000, 1 << 30))
        let isNextTaken = queue.add(1, weighing: Self.weight(1))
        #expect(isTaken && !isNextTaken)
    }

    @Test func orderSurvivesALongRun() {
        var queue = BatchQueue<Int>()
        var (added, taken) = (0, 0)
        for round in 0..<200 {
            for _ in 0..<(round % 7 * 100) where queue.add(added, weighing: Self.weight(1)) { added += 1 }
            for number in queue.next() {
                #expect(number == taken)
                taken += 1
            }
            #expect(queue.count == added - taken)
            #expect(queue.waiting.events == added - taken)
        }
        #expect(taken > 10_000)
    }
}
