import Foundation

/// What was measured, beside what it is to be.
struct BenchReport {
    /// Requests a second, wrk to nginx.
    var floor = 0.0
    var ingest: Wrk.Outcome?
    /// A second.
    var delivery = 0.0
    /// In milliseconds, ascending.
    var latency: [Double] = []
    /// In MiB.
    var memory: [(name: String, mebibytes: Int)] = []

    var text: String {
        var rows = [["measure", "result", "of the floor", "goal"]]
        rows.append(["raw floor, wrk to nginx", rate(floor), "", ""])
        if let ingest {
            rows.append(["ingest, one event a POST", rate(ingest.perSecond), share(ingest.perSecond), "≥ 8000/s"])
            rows.append(["  time of a POST, p50 / p99", "\(ingest.p50) / \(ingest.p99)", "", ""])
        }
        rows.append(["delivery from a backlog", rate(delivery), share(delivery), "≥ 5000/s"])
        for (name, part, goal) in [("p50", 0.5, "≤ 10 ms"), ("p95", 0.95, ""), ("p99", 0.99, "")] {
            rows.append(["accepted → receiver, \(name), 200/s", milliseconds(percentile(part)), "", goal])
        }
        for (name, mebibytes) in memory {
            rows.append(["peak memory, \(name)", "\(mebibytes) MiB", "", "< 150 MiB"])
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1 + 2, withPad: " ", startingAt: 0) }.joined()
        }.joined(separator: "\n")
    }

    /// By nearest rank; 0 of nothing.
    func percentile(_ part: Double) -> Double {
        guard !latency.isEmpty else { return 0 }
        return latency[min(latency.count - 1, max(0, Int((part * Double(latency.count)).rounded(.up)) - 1))]
    }

    private func rate(_ value: Double) -> String { "\(Int(value.rounded()))/s" }
    private func share(_ value: Double) -> String { value > 0 ? "1/\(Int((floor / value).rounded()))" : "–" }
    private func milliseconds(_ value: Double) -> String {
        "\(Int((value * 10).rounded()) / 10).\(Int((value * 10).rounded()) % 10) ms"
    }
}
