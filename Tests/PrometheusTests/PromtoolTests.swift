import CoreMetrics
import Foundation
import TestSupport
import Testing

@testable import Prometheus

/// Prometheus' own judge of an exposition and of alert rules.
@Suite struct PromtoolTests {
    @Test func acceptsEveryKind() async throws {
        let registry = MetricRegistry()
        registry.counter("martlet_events_total", help: "Events.", labels: ["outcome": "a \"b\"\n\\"]).increment()
        registry.gauge("martlet_queue_depth", help: "Depth.", labels: ["state": "due"]).set(.infinity)
        registry.histogram("martlet_delivery_latency_seconds", help: "Latency.").observe(0.3)
        CoreMetrics.Timer(label: "pool.wait", factory: registry).recordMilliseconds(20)
        CoreMetrics.Counter(label: "pool.opened", factory: registry).increment()
        let process = Self.promtool(["check", "metrics"])
        let (input, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(await registry.exposition()))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && said.isEmpty, "\(String(decoding: said, as: UTF8.self))")
    }

    @Test(
        "Alert rules are well formed, and fire when they should",
        arguments: [
            ["check", "rules", Repository.root + "/deploy/prometheus/alerts.yml"],
            ["test", "rules", Repository.root + "/Tests/PrometheusRules/alerts-test.yml"],
        ])
    func acceptsTheAlertRules(arguments: [String]) throws {
        let process = Self.promtool(arguments)
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }

    private static func promtool(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["promtool"] + arguments
        return process
    }
}
