import Foundation
import Synchronization
import Testing

@testable import CommandLineTool

extension EndToEnd {
    /// Promises about failure: something is killed, and nothing accepted is lost.
    @Suite struct FailureTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        /// Posts orders until told to stop; the ids of those that were answered 202.
        private func produce(_ callers: [Caller], each count: Int) async throws -> Set<String> {
            try await withThrowingTaskGroup(of: Set<String>.self) { group in
                for caller in callers {
                    group.addTask {
                        var accepted: Set<String> = []
                        for number in 0..<count {
                            guard let event = try await caller.post(order: number) else { continue }
                            accepted.insert(event.id)
                        }
                        return accepted
                    }
                }
                return try await group.reduce(into: []) { $0.formUnion($1) }
            }
        }

        @Test func aKilledDeliveryServiceLosesNothing() async throws {
            let (delay, concurrency, tenantCount, each) = (Duration.milliseconds(100), 8, 10, 200)
            try await Inbox.open(Misbehaviour(delay: delay)) { [stack] inbox, url in
                let callers = try await Caller.newTenants(
                    tenantCount, of: stack, receiving: url, more: #""maxConcurrency":\#(concurrency)"#)
                let accepted = try await produce(callers, each: each)
                #expect(accepted.count == tenantCount * each)
                #expect(try await inbox.receives(200, within: .seconds(30)))
                #expect(inbox.messages.count < accepted.count, "they are still under way")
                try await stack.kill9("delivery")
                let killedAt = ContinuousClock.now
                try await stack.up()
                #expect(try await inbox.receives(accepted.count, within: .seconds(90)))
                #expect(inbox.messages == accepted)
                // In flight: no answer yet, or one that was not committed yet (10 ms, and what a busy machine adds).
                let unsettled = inbox.all.filter { $0.at < killedAt && $0.at + delay + .milliseconds(500) > killedAt }
                let duplicates = inbox.all.count - accepted.count
                #expect(duplicates <= unsettled.count, "\(duplicates) of at most \(unsettled.count)")
                try await isSettled(callers)
            }
        }

        @Test func aKilledDatabaseLosesNothing() async throws {
            try await Inbox.open { [stack] inbox, url in
                let callers = try await Caller.newTenants(4, of: stack, receiving: url)
                let accepted = try await withThrowingTaskGroup(of: Set<String>.self) { group in
                    group.addTask { try await produce(callers, each: 500) }
                    group.addTask {
                        _ = try await inbox.receives(100, within: .seconds(30))
                        try await stack.kill9("postgres")
                        #expect(inbox.messages.count < 2000, "orders were still coming")
                        try await stack.up()
                        return []
                    }
                    return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
                }
                #expect(!accepted.isEmpty)
                #expect(try await Deadline.wait(for: .seconds(90)) { inbox.messages.isSuperset(of: accepted) })
                try await isSettled(callers)
                // It goes on as if nothing had been.
                let last = try #require(try await callers[0].post(order: 0))
                #expect(try await Deadline.wait(for: .seconds(20)) { inbox.messages.contains(last.id) })
            }
        }

        @Test func aDatabaseThatIsRestartedInALoopLosesNothing() async throws {
            try await Inbox.open { [stack] inbox, url in
                let callers = try await Caller.newTenants(4, of: stack, receiving: url)
                let end = End()
                let accepted = try await withThrowingTaskGroup(of: Set<String>.self) { group in
                    group.addTask {
                        var accepted: Set<String> = []
                        while !end.hasCome { accepted.formUnion(try await produce(callers, each: 10)) }
                        return accepted
                    }
                    group.addTask {
                        defer { end.come() }
                        for _ in 0..<3 {
                            // It was in the middle of things each time.
                            let before = inbox.messages.count
                            let isBusy = try await inbox.receives(before + 50, within: .seconds(60))
                            #expect(isBusy)
                            try await stack.kill9("postgres")
                            try await stack.up()
                        }
                        return []
                    }
                    return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
                }
                #expect(accepted.count > 100)
                #expect(try await Deadline.wait(for: .seconds(90)) { inbox.messages.isSuperset(of: accepted) })
                try await isSettled(callers)
            }
        }

        @Test func aKilledWorkerHandsItsShardsOver() async throws {
            try await stack.up(["--no-demo", "--workers", "2"])
            let owners = "SELECT count(DISTINCT owner) FROM martlet.shard_leases"
            #expect(try await Deadline.wait(for: .seconds(90)) { try await stack.query(owners) == "2" })
            try await Inbox.open { [stack] inbox, url in
                let callers = try await Caller.newTenants(12, of: stack, receiving: url)
                let before = try await produce(callers, each: 5)
                #expect(try await inbox.receives(before.count, within: .seconds(30)))
                try await stack.kill9("delivery-2")
                unlink(stack.folder + "/run/delivery-2.pid")
                let after = try await produce(callers, each: 5)
                #expect(before.count == 60 && after.count == 60)
                // 8 s until a peer is dead, and what a busy machine adds.
                #expect(try await inbox.receives(before.count + after.count, within: .seconds(30)))
                #expect(inbox.messages == before.union(after))
            }
            let deadline = ContinuousClock.now + .seconds(60)
            while try await stack.query(owners) != "1", ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await stack.query(owners) == "1")
        }

        /// The services wait for their database, say so, and take nothing meanwhile.
        @Test func aDatabaseMayBeAwayAtStart() async throws {
            try await stack.kill9("postgres")
            for service in StackService.allCases { try await stack.kill9(service.rawValue) }
            let caller = try await Caller.of("demo", in: stack)
            try await stack.withLonelyIngester {
                let isAlive = try await Deadline.wait(for: .seconds(20)) {
                    (try? await caller.ingester.send("GET", "/livez").status) == 200
                }
                #expect(isAlive)
                #expect(try await caller.ingester.send("GET", "/readyz").status == 503)
                let body = Array(#"{"type":"order-created","data":{}}"#.utf8)
                let answer = try await caller.ingester.send("POST", "/company/events", body: body)
                #expect(answer.status == 503, "\(answer.text)")
                #expect(answer.text.contains("requestId"))
            }
            // From a shell that has read martlet.env: the database that it names is the stack's own.
            try await stack.up(["--demo"], settings: stack.settings.values)
        }

        /// Nothing of these tenants is owed any more.
        private func isSettled(_ callers: [Caller]) async throws {
            let names = callers.map { "'\($0.tenant)'" }.joined(separator: ",")
            let pending = """
                SELECT count(*) FROM martlet.deliveries JOIN martlet.tenants t ON t.id = tenant_id
                 WHERE t.identifier IN (\(names))
                """
            #expect(try await Deadline.wait(for: .seconds(30)) { try await stack.query(pending) == "0" })
        }
    }
}

/// What one task tells another.
private final class End: Sendable {
    private let flag = Atomic(false)

    var hasCome: Bool { flag.load(ordering: .relaxed) }

    func come() { flag.store(true, ordering: .relaxed) }
}
