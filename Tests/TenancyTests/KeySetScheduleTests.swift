import Testing

@testable import Tenancy

/// When a published key set is asked for again.
@Suite struct KeySetScheduleTests {
    let start = ContinuousClock.now

    @Test(
        arguments: [
            // answered with keys before, then (seconds after the last asking) due, and enough for an unknown key
            ([true], 0, false, false), ([true], 9, false, false), ([true], 10, false, true), ([true], 299, false, true),
            ([true], 300, true, true), ([true, false], 29, false, true), ([true, false], 30, true, true),
            ([true, false, true], 30, false, true), ([false], 1, false, false), ([false], 2, true, true),
        ] as [([Bool], Int, Bool, Bool)])
    func schedule(answers: [Bool], seconds: Int, isDue: Bool, mayAsk: Bool) {
        var schedule = KeySetSchedule()
        #expect(schedule.isDue(at: start) && schedule.mayAsk(at: start) && !schedule.hasKeys)
        schedule.asked(at: start)
        for answer in answers { schedule.answered(withKeys: answer) }
        let now = start + .seconds(seconds)
        #expect(schedule.isDue(at: now) == isDue)
        #expect(schedule.mayAsk(at: now) == mayAsk)
        #expect(schedule.hasKeys == answers.contains(true))
    }
}
