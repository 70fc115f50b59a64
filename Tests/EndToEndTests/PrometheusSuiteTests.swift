import Foundation
import Testing
import struct TestSupport.Program
import enum TestSupport.Repository

@testable import CommandLineTool

extension EndToEnd {
    /// What an operator's Prometheus makes of a stack.
    @Suite struct PrometheusTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        private func ports() throws -> [String: Int] {
            let ports = StackPorts(in: try StackDirectory(stack.folder))
            return try Dictionary(
                uniqueKeysWithValues: StackService.allCases.map { ($0.rawValue, try #require(ports[$0.rawValue])) })
        }

        /// An event goes through, so that everything has something to tell.
        private func deliverOne() async throws {
            let caller = try await Caller.newTenant(of: stack)
            try await Inbox.open { inbox, url in
                _ = try await caller.makeWebhook(to: url)
                _ = try #require(try await caller.post(order: 1))
                #expect(try await inbox.receives(1, within: .seconds(20)))
            }
        }

        /// Names that rules use and that a server without replicas need not have.
        private static let optional = ["martlet_postgres_replication_lag_bytes", "martlet_postgres_slot_lag_bytes"]

        @Test func everyTargetIsUpAndEveryAlertIsAnswered() async throws {
            try await deliverOne()
            let port = try StackPorts.free()
            let settings = [
                "MARTLET_CANARY": "true", "MARTLET_CANARY_RECEIVER_URL": "http://127.0.0.1:\(port)",
                "MARTLET_CANARY_API_URL": try #require(stack.settings.values["MARTLET_API_URL"]),
                "MARTLET_CANARY_INGEST_URL": try #require(stack.settings.values["MARTLET_INGEST_URL"]),
            ]
            try await stack.withProcess(of: .metrics, name: "canary", port: port, settings: settings) {
                let targets = try ports().merging(["canary": port]) { $1 }
                try await PrometheusServer.run(scraping: targets) { prometheus in
                    #expect(try await prometheus.comesToAnswer(#"up{job="martlet"} == 1"#, count: targets.count))
                    // The canary's way is that of every event: API, ingester, queue, worker, receiver.
                    #expect(
                        try await prometheus.comesToAnswer("time() - martlet_canary_success_timestamp_seconds < 60"))
                    #expect(try await prometheus.comesToAnswer("martlet_canary_latency_seconds_count > 0"))
                    var rules: [PrometheusServer.Rule] = []
                    let isEvaluated = try await Deadline.wait(for: .seconds(60)) {
                        rules = try await prometheus.rules()
                        return !rules.isEmpty && rules.allSatisfy { $0.health != "unknown" }
                    }
                    #expect(isEvaluated && rules.count >= 15)
                    for rule in rules {
                        #expect(rule.health == "ok" && rule.state != "firing", "\(rule.name) \(rule.lastError ?? "")")
                        _ = try await prometheus.query(rule.query)
                        for name in Set(rule.query.matches(of: #/martlet_[a-z0-9_]+/#).map { String($0.output) })
                        where !Self.optional.contains(name) {
                            #expect(try await prometheus.comesToAnswer(name), "\(name) of \(rule.name)")
                        }
                    }
                    for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"] {
                        #expect(try await prometheus.query(name).count == targets.count, "\(name) of every service")
                    }
                    #expect(try await prometheus.comesToAnswer(#"martlet_invocations_total{outcome="succeeded"} > 0"#))
                    #expect(try await prometheus.query(#"{tenant="martlet-canary"}"#).isEmpty)
                }
            }
        }

        @Test func whatIsAwayRaisesItsAlertAndWhatIsBackEndsIt() async throws {
            try await PrometheusServer.run(scraping: try ports(), patience: "1s") { prometheus in
                #expect(try await prometheus.comesToAnswer("sum(martlet_worker_shards_owned) == 64"))
                try await stack.kill9("delivery")
                for alert in ["MartletDown", "MartletShardsWithoutWorker"] {
                    #expect(
                        try await prometheus.comesToAnswer(#"ALERTS{alertname="\#(alert)",alertstate="firing"}"#),
                        "\(alert)")
                }
                try await stack.up()
                #expect(
                    try await prometheus.comesToAnswer(
                        #"ALERTS{alertname=~"MartletDown|MartletShardsWithoutWorker"}"#, count: 0))
            }
        }

        @Test("What each service exports is well formed", arguments: StackService.allCases)
        func promtoolFindsNoFault(service: StackService) async throws {
            try await deliverOne()
            let port = try #require(try ports()[service.rawValue])
            let client = ServiceClient(url: "http://127.0.0.1:\(port)", engine: try .forCommands())
            let text = try await client.send("GET", "/metrics").text
            #expect(text.contains("# TYPE process_cpu_seconds_total counter"))
            let said = try await Program.run("/usr/bin/env", ["promtool", "check", "metrics"], input: text)
            #expect(said.status == 0 && said.output.isEmpty, "\(said.output)")
        }
    }
}
