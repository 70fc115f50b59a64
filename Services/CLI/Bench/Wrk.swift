import Foundation

/// The load generator: many connections that stay open, one POST after another on each.
enum Wrk {
    struct Outcome {
        let perSecond: Double
        let p50: String
        let p99: String
    }

    /// - Returns: what it measured; a failure if any answer was not 2xx.
    static func post(
        _ body: String, to url: String, headers: [String: String], seconds: Int, connections: Int = 64
    ) async throws -> Outcome {
        let lines = headers.map { "wrk.headers[\"\($0.key)\"] = \"\($0.value)\"" }
        let script = (["wrk.method = \"POST\"", "wrk.body = [==[\(body)]==]"] + lines).joined(separator: "\n")
        let path = NSTemporaryDirectory() + "/martlet-\(getpid()).lua"
        defer { unlink(path) }
        try SettingsFile.writePrivately(script, to: path)
        let (status, output) = try await Spawn.run(
            ["wrk", "-t", "1", "-c", String(connections), "-d", "\(seconds)s", "--latency", "-s", path, url],
            environment: ProcessInfo.processInfo.environment)
        guard status == 0, let perSecond = value("Requests/sec:", in: output).flatMap({ Double($0) }) else {
            throw CommandFailure("wrk failed:\n\(output)")
        }
        guard !output.contains("Non-2xx") else { throw CommandFailure("\(url) did not take everything:\n\(output)") }
        return Outcome(
            perSecond: perSecond, p50: value("50%", in: output) ?? "?", p99: value("99%", in: output) ?? "?")
    }

    private static func value(_ name: String, in output: String) -> String? {
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == name[...], words.count > 1 { return String(words[1]) }
        }
        return nil
    }
}
