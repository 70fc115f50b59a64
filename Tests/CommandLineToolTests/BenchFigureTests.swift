import Foundation
import Testing
import Webhooks

@testable import CommandLineTool

/// What the benchmark makes of what it saw.
@Suite struct BenchFigureTests {
    @Test(
        arguments: [
            ([], 0.5, 0), ([7], 0.0, 7), ([7], 1.0, 7), ([3, 1, 2], 0.5, 2), ([4, 3, 2, 1], 0.5, 2),
            ((1...100).map(Double.init), 0.99, 99), ((1...100).map(Double.init), 0.991, 100),
            ((1...1000).map(Double.init), 0.95, 950),
        ] as [([Double], Double, Double)])
    func percentiles(values: [Double], part: Double, expected: Double) {
        #expect(Percentiles(values)[part] == expected)
    }

    @Test(arguments: [([], 0), ([1], 1), ([3, 1], 2), ([9, 1, 2], 2)] as [([Double], Double)])
    func medians(values: [Double], expected: Double) { #expect(Percentiles(values).median == expected) }

    @Test(
        "A value as a person reads it",
        arguments: [
            (12_345.6, .perSecond, "12346/s"), (2.04, .perSecond, "2.0/s"), (2.449, .milliseconds, "2.4 ms"),
            (1234.5, .milliseconds, "1235 ms"), (99.96, .microseconds, "100.0 µs"), (2800, .bytes, "2800 B"),
            (64.2, .mebibytes, "64 MiB"), (3, .count, "3"), (0.0421, .count, "0.042"), (1.145, .ratio, "1.15 ×"),
            (1.0 / 15, .share, "1/15.0"), (0, .share, "0"), (.nan, .ratio, "– ×"), (-0.04, .milliseconds, "0.0 ms"),
            (-1.25, .milliseconds, "-1.3 ms"),
        ] as [(Double, Figure.Unit, String)])
    func text(value: Double, unit: Figure.Unit, expected: String) {
        #expect(Figure("", value, unit).text == expected)
    }

    @Test(arguments: [
        (Goal.atLeast(10), 10, true), (.atLeast(10), 9.9, false), (.atMost(5), 5, true), (.atMost(5), 5.1, false),
        (.atMost(0), .nan, false),
    ])
    func goals(goal: Goal, value: Double, isReached: Bool) {
        #expect(Figure("", value, .count, goal: goal).isReached == isReached)
        #expect(Figure("", value, .count).isReached == nil)
    }

    @Test func severalRunsBecomeTheirMedian() throws {
        let runs = [(1.0, 10.0), (5, 30), (2, 20)].map { value, limit in
            var section = Section("s")
            section.add("a", value, .milliseconds, goal: .atMost(limit))
            section.add("b", value * 10, .count)
            section.note("same")
            section.note("\(value)")
            return section
        }
        let median = try #require(Section.median(of: runs))
        #expect(median.figures[0] == Figure("a", 2, .milliseconds, goal: .atMost(20)))
        #expect(median.figures[1] == Figure("b", 20, .count))
        #expect(median.notes == ["same", "1.0", "5.0", "2.0"])
        #expect(Section.median(of: []) == nil)
    }

    @Test func columnsAreAsWideAsTheirWidestCell() {
        let table = TextTable(rows: [["a", "long", "x"], [], ["longer", "b"], ["µ", "ü", "z"]])
        #expect(table.lines() == ["a       long  x", "", "longer  b", "µ       ü     z"])
        #expect(TextTable().lines().isEmpty)
    }

    @Test func aReportIsForPeopleAndPrograms() throws {
        var section = Section("latency")
        section.add("p50", 2.5, .milliseconds, goal: .atMost(5))
        section.add("p99", 25, .milliseconds, goal: .atMost(20))
        section.add("nothing", .infinity, .ratio)
        section.note("on one machine")
        let report = BenchReport(
            isQuick: true, runs: 3, startedAt: Instant(milliseconds: 1_760_000_000_000), sections: [section])
        #expect(
            report.text == """
                latency             goal
                  p50      2.5 ms   ≤ 5.0 ms   reached
                  p99      25.0 ms  ≤ 20.0 ms  missed
                  nothing  – ×

                latency: on one machine
                1 of 2 goals reached, medians of 3 runs (a short round: figures are indicative)
                """)
        let json = try #require(JSONSerialization.jsonObject(with: try report.json()) as? [String: Any])
        #expect(json["quick"] as? Bool == true && json["runs"] as? Int == 3)
        #expect(json["startedAt"] as? String == "2025-10-09T08:53:20.000Z" && json["machine"] != nil)
        let scenario = try #require((json["scenarios"] as? [[String: Any]])?.first)
        #expect(scenario["name"] as? String == "latency" && scenario["notes"] as? [String] == ["on one machine"])
        let figures = try #require(scenario["figures"] as? [[String: Any]])
        #expect(figures.map { $0["name"] as? String } == ["p50", "p99", "nothing"])
        #expect(figures[1]["value"] as? Double == 25 && figures[1]["unit"] as? String == "ms")
        #expect(figures[1]["reached"] as? Bool == false)
        #expect((figures[1]["goal"] as? [String: Any])?["limit"] as? Double == 20)
        #expect(figures[2]["value"] == nil && figures[2]["goal"] == nil)
    }

    @Test func usageIsTheDifference() {
        var start = Snapshot()
        start.cpu = [.api: 1, .ingester: 2, .postgres: 3, .nginx: 1, .load: 1]
        (start.log, start.checkpoint, start.statements) = (1000, 7, 10)
        var end = start
        end.at = start.at + .seconds(2)
        end.cpu = [.api: 1, .ingester: 2.5, .postgres: 3.25, .nginx: 2, .load: 3]
        (end.log, end.statements) = (201_000, 20)
        let usage = Usage(start: start, end: end)
        #expect(usage.seconds == 2 && usage.martlet == 0.75 && !usage.hadCheckpoint)
        let figures = usage.figures(deliveries: 100, isGoal: true)
        func value(_ name: String) -> Double? { figures.first { $0.name == name }?.value }
        #expect(value("CPU a delivery, ingester") == 5000 && value("CPU a delivery, load generator") == 20_000)
        #expect(value("CPU a delivery, delivery") == nil, "it did not run")
        #expect(value("CPU a delivery, services and PostgreSQL") == 7500)
        #expect(value("SQL statements a delivery") == 0.1 && value("WAL a delivery") == 2000)
        #expect(figures.count { $0.goal != nil } == 3)
        end.statements = nil
        #expect(!Usage(start: start, end: end).figures(deliveries: 1).contains { $0.name.hasPrefix("SQL") })
    }

    @Test(arguments: [(100, 100, 0, 1, 0), (100, 60, 40, 1, 0), (100, 60, 39, 1, 1), (10, 90, 5, 10, 5)])
    func whatIsNeitherSettledNorOwedIsLost(events: Int, settled: Int, pending: Int, fanOut: Int, lost: Int) {
        let fate = EventFate(events: events, pending: pending, invocations: settled, settled: settled, repeated: 0)
        #expect(fate.lost(fanOut: fanOut) == lost)
        var section = Section("")
        section.add(fate, accepted: events + 2, fanOut: fanOut, received: settled + 3)
        #expect(section.figures.map(\.value) == [Double(pending), Double(lost + 2), pending == 0 ? 3 : 0])
    }

    @Test(arguments: [(0, 0, 0, 0), (2, 0, 0, 2), (0, 5, 5, 0), (0, 5, 3, 2), (4, 4, 0, 4)])
    func aSoakCountsWhatNobodySaw(missing: Int, unseen: Int, pending: Int, lost: Int) {
        #expect(SoakTally.lost(missing: missing, unseen: unseen, pending: pending) == lost)
        let tally = SoakTally(kills: ["api": 2, "postgres": 1], accepted: 7, lost: lost)
        #expect(tally.text.contains("killed                 3 (api 2, postgres 1)\naccepted               7\n"))
        #expect(tally.text.hasSuffix("lost                   \(lost)"))
    }
}
