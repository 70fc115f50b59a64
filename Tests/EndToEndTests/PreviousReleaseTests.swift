import Foundation
import Testing

@testable import CommandLineTool

extension EndToEnd {
    /// An update under way: services of the previous release beside those of this one, on this one's schema.
    @Suite struct PreviousReleaseTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        @Test(.timeLimit(.minutes(5))) func eventsOfEitherAreDeliveredByEither() async throws {
            try await stack.withPrevious(.api) { [stack] api in
                try await stack.withPrevious(.ingester) { ingester in
                    try await deliver(api, ingester)
                }
            }
        }

        private func deliver(_ api: RunningStack.Previous, _ ingester: RunningStack.Previous) async throws {
            try await Inbox.open { [stack] inbox, url in
                // Webhooks made by either, and events posted to either, the first ones before there is an old worker.
                let new = try await Caller.newTenants(8, of: stack, receiving: url)
                let others = try await Caller.newTenants(8, of: stack)
                let old = (new + others).map { $0.at(api: api.url, ingester: ingester.url) }
                for caller in old[8...] { _ = try await caller.makeWebhook(to: url) }
                let callers = new + others + old
                let production = Production()
                try await production.during(callers) {
                    #expect(try await inbox.receives(100, within: .seconds(60)))
                    try await stack.withPrevious(.delivery) { _ async throws in
                        #expect(try await stack.isShared(among: 2))
                        #expect(try await owners(of: callers) == "2")
                        let before = inbox.messages.count
                        #expect(try await inbox.receives(before + 200, within: .seconds(60)))
                    }
                    #expect(try await stack.isShared(among: 1))
                }
                let accepted = production.accepted
                #expect(try await inbox.receives(accepted.count, within: .seconds(90)))
                #expect(inbox.messages == accepted)
                // All went of themselves, so nothing is repeated.
                #expect(inbox.all.count == accepted.count, "\(inbox.all.count - accepted.count) were repeated")
                try await bothAPIsSayTheSame(new[0], old[0])
            }
        }

        /// How many workers the shards of these tenants have.
        private func owners(of callers: [Caller]) async throws -> String {
            let names = callers.map { "'\($0.tenant)'" }.joined(separator: ",")
            return try await stack.query(
                """
                SELECT count(DISTINCT owner) FROM martlet.shard_leases
                  JOIN martlet.tenants USING (shard) WHERE identifier IN (\(names))
                """)
        }

        private func list(_ path: String, _ caller: Caller) async throws -> Listed {
            try await caller.api.require([200], "GET", "/company/\(path)?limit=5").decoded()
        }

        private func bothAPIsSayTheSame(_ new: Caller, _ old: Caller) async throws {
            let paths = ["webhooks", "events", "invocations", "deliveries", "event-types"]
            let webhook = try #require(try await list("webhooks", new).data.first?.id)
            for path in paths.map({ $0 == "invocations" ? "webhooks/\(webhook)/invocations" : $0 }) {
                let (one, other) = (try await list(path, new), try await list(path, old))
                #expect(one == other, "\(path)")
                #expect(path == "deliveries" || !one.data.isEmpty, "\(path)")
            }
            // What one of them changes, the other tells.
            let change = Array(#"{"description":"by the old one"}"#.utf8)
            _ = try await old.api.require([200], "PATCH", "/company/webhooks/\(webhook)", body: change)
            let read = try await new.api.require([200], "GET", "/company/webhooks/\(webhook)")
            #expect(read.text.contains("by the old one"))
            for (asked, opens) in [(new, old), (old, new)] {
                struct Link: Decodable { let url: String }
                let link: Link = try await asked.api.require(
                    [201], "POST", "/company/portal-links", body: Array("{}".utf8)
                ).decoded()
                let token = try #require(link.url.split(separator: "=").last)
                _ = try await opens.api.require(
                    [201], "POST", "/portal/session/link", body: Array(#"{"token":"\#(token)"}"#.utf8))
            }
        }
    }
}

/// A list, as far as it is compared.
private struct Listed: Decodable, Equatable {
    struct Item: Decodable, Equatable {
        let id: String?
        let name: String?
    }

    let data: [Item]
}
