import Foundation

/// The load generator: many connections that stay open, one POST after another on each.
struct Wrk: Sendable {
    let script: WrkScript
    var connections = 64

    struct Outcome: Sendable, Equatable {
        let requests: Int
        let perSecond: Double
        /// Answered with neither 2xx nor 3xx.
        let refused: Int
        /// Of one POST, in milliseconds.
        let p50: Double
        let p99: Double

        var accepted: Int { requests - refused }

        /// Nil unless `output` is wrk's report.
        init?(output: String) {
            func words(_ isIt: ([Substring]) -> Bool) -> [Substring]? {
                output.split(separator: "\n").map { $0.split(separator: " ") }.first(where: isIt)
            }
            guard let rate = words({ $0.first == "Requests/sec:" })?.last.flatMap({ Double($0) }),
                let total = words({ $0.count > 3 && $0[1] == "requests" && $0[2] == "in" })?.first.flatMap({ Int($0) })
            else { return nil }
            requests = total
            perSecond = rate
            refused = words({ $0.first == "Non-2xx" })?.last.flatMap { Int($0) } ?? 0
            p50 = words({ $0.first == "50%" })?.last.flatMap(Self.milliseconds) ?? 0
            p99 = words({ $0.first == "99%" })?.last.flatMap(Self.milliseconds) ?? 0
        }

        /// `890.00us`, `5.12ms`, `1.02s`, `1.10m`.
        static func milliseconds(_ text: Substring) -> Double? {
            let number = text.prefix { $0.isNumber || $0 == "." }
            let units = ["us": 0.001, "ms": 1, "s": 1000, "m": 60_000]
            guard let value = Double(number), let unit = units[String(text.dropFirst(number.count))] else { return nil }
            return value * unit
        }
    }

    func run(against url: String, seconds: Int) async throws -> Outcome {
        let path = NSTemporaryDirectory() + "/martlet-\(getpid()).lua"
        defer { unlink(path) }
        try SettingsFile.writePrivately(script.lua, to: path)
        let command = [
            "wrk", "-t", "1", "-c", String(connections), "-d", "\(seconds)s", "--timeout", "10s", "--latency", "-s",
            path, url,
        ]
        let (status, output) = try await Spawn.run(command, environment: ProcessInfo.processInfo.environment)
        guard status == 0, let outcome = Outcome(output: output) else { throw CommandFailure("wrk failed:\n\(output)") }
        guard outcome.accepted > 0 else { throw CommandFailure("\(url) took nothing:\n\(output)") }
        return outcome
    }
}
