import Foundation
import Synchronization
import Testing
import Webhooks
import struct TestSupport.Program

@testable import CommandLineTool

extension EndToEnd {
    /// What docs/operations.md says of backups: a dump of a stack at work, restored to another server.
    @Suite struct RestoreTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        @Test(.timeLimit(.minutes(5))) func aRestoredDumpOwesWhatWasOwed() async throws {
            try await Inbox.open(Misbehaviour(delay: .milliseconds(100))) { [stack] inbox, url in
                let callers = try await Caller.newTenants(
                    16, of: stack, receiving: url, more: #""maxConcurrency":1"#)
                let production = Production()
                let dump = stack.folder + "/restore-test.dump"
                let before = try await dumped(to: dump, callers, production, inbox)
                // The first stack goes on to the end: all that it sent is known.
                #expect(try await inbox.receives(production.accepted.count, within: .seconds(90)))
                let ofTenants = Self.of(callers)
                let owed = "SELECT count(*) FROM martlet.deliveries WHERE \(ofTenants)"
                #expect(try await Deadline.wait(for: .seconds(60)) { try await stack.query(owed) == "0" })
                let sent = inbox.all.count
                #expect(sent == production.accepted.count)

                try await Self.withRestored(dump, of: stack) { restored in
                    // Accepted before the dump: settled in it, or owed in it.
                    let pending = try await Self.events(
                        "SELECT event_id FROM martlet.deliveries WHERE \(ofTenants)", restored)
                    let settled = try await Self.events(
                        "SELECT event_id FROM martlet.invocations WHERE is_final AND outcome = 0 AND \(ofTenants)",
                        restored)
                    #expect(!pending.isEmpty && !settled.isEmpty, "it was taken in the middle of things")
                    #expect(pending.union(settled).isSuperset(of: before), "lost")
                    #expect(pending.isDisjoint(with: settled))
                    // What it owes is sent once, and nothing else: what was settled after the dump a second time.
                    try await restored.up()
                    #expect(try await Deadline.wait(for: .seconds(90)) { try await restored.query(owed) == "0" })
                    let again = inbox.all.dropFirst(sent).map(\.message)
                    #expect(Set(again) == pending && again.count == pending.count)
                    // It goes on as if nothing had been, at once: its transactions have smaller ids than those of old.
                    let caller = try await Caller.of(callers[0].tenant, in: restored)
                    let new = try #require(try await caller.post(order: 0))
                    #expect(try await Deadline.wait(for: .seconds(30)) { inbox.messages.contains(new.id) })
                }
            }
        }

        /// Dumps the database while orders come and go; what had been accepted before.
        private func dumped(
            to path: String, _ callers: [Caller], _ production: Production, _ inbox: Inbox
        ) async throws -> Set<String> {
            let before = Mutex<Set<String>>([])
            try await production.during(callers) { [stack] in
                #expect(try await inbox.receives(100, within: .seconds(60)))
                before.withLock { $0 = production.accepted }
                let url = try #require(stack.settings.values["MARTLET_DATABASE_URL"])
                let dump = try await Program.run(
                    try stack.postgresFolder() + "/pg_dump", ["--format=custom", "--file=\(path)", url])
                try #require(dump.status == 0, "\(dump.output)")
            }
            return before.withLock(\.self)
        }

        private static func of(_ callers: [Caller]) -> String {
            let names = callers.map { "'\($0.tenant)'" }.joined(separator: ",")
            return "tenant_id IN (SELECT id FROM martlet.tenants WHERE identifier IN (\(names)))"
        }

        /// Events of a query, as receivers see their ids.
        private static func events(_ sql: String, _ stack: RunningStack) async throws -> Set<String> {
            let rows = try await stack.query(sql).split(separator: "\n")
            return Set(
                rows.compactMap { UInt128($0.replacing("-", with: ""), radix: 16) }.map {
                    Event.ID(ULID($0)).description
                })
        }

        /// A server of its own, with the secrets of the first: a dump holds no role, and what is sealed in it cannot be
        /// opened without the keys. Its services stand still until they are told to come up.
        private static func withRestored(
            _ dump: String, of stack: RunningStack, _ body: @Sendable (RunningStack) async throws -> Void
        ) async throws {
            let folder = stack.folder + "-restored"
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o711])
            try FileManager.default.copyItem(atPath: stack.folder + "/secrets.env", toPath: folder + "/secrets.env")
            let restored = RunningStack(folder: folder, report: "")
            do {
                try await restored.up()
                for service in StackService.allCases { try await restored.terminate(service.rawValue) }
                let url = try #require(restored.settings.values["MARTLET_DATABASE_URL"])
                let server = try #require(URLComponents(string: url)?.with(path: "/postgres"))
                for command in ["DROP DATABASE martlet", "CREATE DATABASE martlet"] {
                    let psql = try await Program.run("/usr/bin/env", ["psql", server, "-XAtqc", command])
                    try #require(psql.status == 0, "\(psql.output)")
                }
                let restore = try await Program.run(
                    try stack.postgresFolder() + "/pg_restore", ["--exit-on-error", "--dbname=\(url)", dump])
                try #require(restore.status == 0, "\(restore.output)")
                try await body(restored)
            } catch {
                try await restored.end()
                throw error
            }
            try await restored.end()
        }
    }
}

extension RunningStack {
    /// Where the programs of the server are that runs.
    fileprivate func postgresFolder() throws -> String {
        let path = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid(of: "postgres"))/exe")
        return URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    }
}

extension URLComponents {
    fileprivate func with(path: String) -> String? {
        var changed = self
        changed.path = path
        return changed.string
    }
}
