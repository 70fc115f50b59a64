import Postgres
import Testing

@testable import IngesterService

@Suite struct BatchStepTests {
    private static func server(_ code: SQLState) -> PostgresError { .server(code, message: "") }

    @Test(
        "A first failure of a batch of two",
        arguments: [
            (server("MA002"), .refresh), (server("MA003"), .findConflicts),
            (server("22021"), .halve), (server("23502"), .halve), (.encoding("NUL"), .halve),
            (server("40P01"), .again), (server("40001"), .again),
            (.lost(""), .probe), (.connection(""), .answer(.unavailable)), (.busy, .answer(.unavailable)),
            (.timedOut, .answer(.unavailable)), (.cancelled, .answer(.unavailable)),
            (server("57P01"), .answer(.unavailable)), (server("53100"), .answer(.unavailable)),
            (server("57014"), .answer(.unavailable)), (server("55P03"), .answer(.unavailable)),
            (server("25006"), .answer(.unavailable)), (server("42P01"), .answer(.failed)),
            (server("XX000"), .answer(.failed)), (.decoding(""), .answer(.failed)),
        ] as [(PostgresError, BatchStep)])
    func first(error: PostgresError, expected: BatchStep) {
        #expect(BatchStep(after: error, requests: 2, attempt: 1, wasLost: error.isUncertain) == expected)
    }

    @Test(
        "A request that is alone is not halved",
        arguments: [
            (server("22021"), .answer(.refused)), (.encoding("NUL"), .answer(.refused)),
            (server("23502"), .answer(.failed)), (server("MA002"), .refresh), (server("MA003"), .findConflicts),
        ] as [(PostgresError, BatchStep)])
    func alone(error: PostgresError, expected: BatchStep) {
        #expect(BatchStep(after: error, requests: 1, attempt: 1, wasLost: false) == expected)
    }

    @Test(
        "What goes on and on is ended",
        arguments: [
            (server("MA002"), 2, .halve), (server("MA003"), 2, .halve), (server("MA002"), 1, .answer(.unavailable)),
            (server("MA003"), 1, .answer(.unavailable)), (server("40P01"), 2, .answer(.unavailable)),
        ] as [(PostgresError, Int, BatchStep)])
    func ended(error: PostgresError, requests: Int, expected: BatchStep) {
        #expect(BatchStep(after: error, requests: requests, attempt: 5, wasLost: false) == expected)
    }

    @Test func anIdThatIsThereAfterALossMayBeOurOwn() {
        let error = Self.server("23505")
        #expect(BatchStep(after: error, requests: 2, attempt: 2, wasLost: true) == .probe)
        #expect(BatchStep(after: error, requests: 2, attempt: 2, wasLost: false) == .halve)
        #expect(BatchStep(after: error, requests: 1, attempt: 2, wasLost: false) == .answer(.failed))
    }
}
