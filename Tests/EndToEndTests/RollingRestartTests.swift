import Foundation
import Testing

@testable import CommandLineTool

extension EndToEnd {
    /// An update of the workers, one after the other, while events flow.
    @Suite struct RollingRestartTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        @Test(.timeLimit(.minutes(5))) func losesNothingAndRepeatsNothing() async throws {
            try await stack.up(["--no-demo", "--workers", "2"])
            #expect(try await stack.isShared(among: 2))
            try await Inbox.open(Misbehaviour(delay: .milliseconds(50))) { [stack] inbox, url in
                let callers = try await Caller.newTenants(8, of: stack, receiving: url)
                let production = Production()
                try await production.during(callers) {
                    for worker in ["delivery", "delivery-2", "delivery"] {
                        // It is in the middle of things when it is told to stop, and so is the other.
                        let before = inbox.messages.count
                        #expect(try await inbox.receives(before + 100, within: .seconds(60)))
                        try await stack.terminate(worker)
                        try await stack.up(["--no-demo", "--workers", "2"])
                        #expect(try await stack.isShared(among: 2))
                    }
                }
                let accepted = production.accepted
                #expect(accepted.count > 300)
                #expect(try await inbox.receives(accepted.count, within: .seconds(90)))
                #expect(inbox.messages == accepted)
                // Nothing is under way any more, so what came is all that will.
                let names = callers.map { "'\($0.tenant)'" }.joined(separator: ",")
                let owed = """
                    SELECT count(*) FROM martlet.deliveries
                     WHERE tenant_id IN (SELECT id FROM martlet.tenants WHERE identifier IN (\(names)))
                    """
                #expect(try await Deadline.wait(for: .seconds(30)) { try await stack.query(owed) == "0" })
                #expect(inbox.all.count == accepted.count, "\(inbox.all.count - accepted.count) were repeated")
            }
            try await stack.terminate("delivery-2")
            #expect(try await stack.isShared(among: 1))
        }
    }
}
