import Foundation
import Testing

@testable import CommandLineTool

extension EndToEnd {
    /// Processes that stand still for a while, as on a machine that pauses, and go on as if nothing had been.
    @Suite struct StoppedTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        private let owners = "SELECT count(DISTINCT owner) FROM martlet.shard_leases"
        private let leases = "SELECT string_agg(shard || ' ' || owner, ',' ORDER BY shard) FROM martlet.shard_leases"

        private func workers(_ count: Int) async throws {
            try await stack.up(["--no-demo", "--workers", "\(count)"])
            try await wait(for: .seconds(90), until: owners, is: "\(count)")
        }

        private func wait(for limit: Duration, until sql: String, is value: String) async throws {
            let isSo = try await Deadline.wait(for: limit) { try await stack.query(sql) == value }
            let found = isSo ? value : try await stack.query(sql)
            #expect(found == value, "\(sql)")
        }

        /// Ends the workers but the first, and waits until it has their shards.
        private func leaveOneWorker(of count: Int) async throws {
            for number in 2...count {
                try await stack.kill9("delivery-\(number)")
                unlink(stack.folder + "/run/delivery-\(number).pid")
            }
            try await wait(for: .seconds(60), until: owners, is: "1")
        }

        @Test func aStoppedWorkerSettlesNothingWhenItGoesOn() async throws {
            try await workers(2)
            try await Inbox.open(Misbehaviour(delay: .milliseconds(200))) { [stack] inbox, url in
                var callers: [Caller] = []
                for _ in 0..<12 {
                    callers.append(try await Caller.newTenant(of: stack))
                    _ = try await callers.last?.makeWebhook(to: url)
                }
                var accepted = try await post(50, callers)
                try await stack.signal(SIGSTOP, to: "delivery-2")
                try await wait(for: .seconds(60), until: owners, is: "1")
                accepted += try await post(5, callers)
                try await stack.signal(SIGCONT, to: "delivery-2")
                #expect(try await inbox.receives(accepted.count, within: .seconds(60)))
                #expect(inbox.messages == Set(accepted))
                let names = callers.map { "'\($0.tenant)'" }.joined(separator: ",")
                let tenants = "(SELECT id FROM martlet.tenants WHERE identifier IN (\(names)))"
                try await wait(
                    for: .seconds(60), until: "SELECT count(*) FROM martlet.deliveries WHERE tenant_id IN \(tenants)",
                    is: "0")
                // It came back as a new worker, and what the old one had in hand was settled once, by its heir.
                try await wait(for: .seconds(60), until: owners, is: "2")
                let settledTwice = """
                    SELECT count(*) FROM (SELECT FROM martlet.invocations WHERE is_final AND tenant_id IN \(tenants)
                     GROUP BY delivery_id HAVING count(*) > 1) i
                    """
                #expect(try await stack.query(settledTwice) == "0")
            }
            try await leaveOneWorker(of: 2)
        }

        private func post(_ count: Int, _ callers: [Caller]) async throws -> [String] {
            var accepted: [String] = []
            for number in 0..<count {
                for caller in callers {
                    if let event = try await caller.post(order: number) { accepted.append(event.id) }
                }
            }
            return accepted
        }

        @Test func aFrozenDatabaseMovesNoShard() async throws {
            try await workers(3)
            try await wait(
                for: .seconds(90),
                until: "SELECT sum(n), max(n) FROM (SELECT count(owner) n FROM martlet.shard_leases GROUP BY owner) o",
                is: "64|22")
            let before = try await stack.query(leases)
            let processes = try stack.postgresProcesses()
            for process in processes { kill(process, SIGSTOP) }
            // Longer than a peer may be silent: the time is what is tested, there is nothing to wait for.
            try await Task.sleep(for: .seconds(12))
            for process in processes { kill(process, SIGCONT) }
            let beats = "SELECT min(beat) FROM martlet.workers WHERE fenced_at IS NULL"
            let first = try #require(Int(try await stack.query(beats)))
            #expect(try await Deadline.wait(for: .seconds(60)) { Int(try await stack.query(beats)) ?? 0 > first + 10 })
            let after = try await stack.query(leases)
            #expect(after == before)
            try await leaveOneWorker(of: 3)
        }
    }
}

extension RunningStack {
    fileprivate func signal(_ signal: Int32, to name: String) async throws {
        #expect(kill(try pid(of: name), signal) == 0)
    }

    /// The server and its children.
    fileprivate func postgresProcesses() throws -> [pid_t] {
        let server = try pid(of: "postgres")
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
        return [server]
            + all.filter { process in
                let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
                let fields = stat?.split(separator: ")").last?.split(separator: " ")
                return fields.flatMap { $0.count > 1 ? pid_t($0[1]) : nil } == server
            }
    }
}
