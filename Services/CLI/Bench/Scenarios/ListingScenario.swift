import Foundation

/// Lists and searches of a tenant that has much of everything: how long the API takes, page by page.
final class ListingScenario: Sendable {
    private static let webhooks = 10_000
    /// Rows that one statement fills in.
    private static let part = 250_000

    private let stage: BenchStage
    private let plan: BenchPlan

    init(stage: BenchStage, plan: BenchPlan) {
        self.stage = stage
        self.plan = plan
    }

    func run() async throws -> [Section] {
        guard stage.isOwn else { throw CommandFailure("listing fills its database: only in a stack of its own") }
        let tenants = try await stage.tenants(1) { _ in [] }
        guard let tenant = tenants.first else { throw CommandFailure("no tenant") }
        let rows = plan.events(quick: 200_000, full: 10_000_000)
        let webhooks = min(Self.webhooks, max(1000, rows / 20))
        try await stage.stopDelivery()  // what is filled in is nobody's to deliver
        try await stage.database.fillListed(tenant, webhooks: webhooks, rows: rows, part: Self.part)
        var section = Section("listing")
        section.add("webhooks", Double(webhooks), .count)
        section.add("events, and as many invocations", Double(rows), .count)
        let ids = try await Ids(tenant.api)
        for search in Self.searches(ids, rows: rows) {
            let times = try await measure(search, tenant.api)
            section.add(search.name + ", p50", times[0.5], .milliseconds)
            section.add(search.name + ", p99", times[0.99], .milliseconds, goal: .atMost(20))
        }
        section.note("each \(requests) requests one after the other over one connection, pages of 30")
        return [section]
    }

    private var requests: Int { plan.isQuick ? 200 : 1000 }

    /// What is there to be asked for.
    private struct Ids: Sendable {
        let webhook: String
        let invocation: String
        let event: String

        init(_ api: ServiceClient) async throws {
            func first(_ path: String) async throws -> String {
                let page: Page = try await api.require([200], "GET", path).decoded()
                guard let id = page.data.first?.id else { throw CommandFailure("\(path) is empty") }
                return id
            }
            webhook = try await first("/company/webhooks")
            invocation = try await first("/company/webhooks/\(webhook)/invocations")
            event = try await first("/company/events")
        }
    }

    private struct Page: Decodable {
        struct Row: Decodable { let id: String }
        let data: [Row]
        let nextCursor: String?
    }

    private struct Search: Sendable {
        let name: String
        let path: String
        /// Whether each request asks for the page after the one before it.
        var goesOn = false
    }

    private static func searches(_ ids: Ids, rows: Int) -> [Search] {
        let history = "/company/webhooks/\(ids.webhook)/invocations"
        let resource = "order-\(rows / 2 % 1_000_000)"
        return [
            Search(name: "webhooks, first page", path: "/company/webhooks"),
            Search(name: "webhooks, page after page", path: "/company/webhooks", goesOn: true),
            Search(name: "webhooks by name", path: "/company/webhooks?search=webhook%20777"),
            Search(name: "webhooks by what is nowhere", path: "/company/webhooks?search=nowhere-to-be-found"),
            Search(name: "webhooks disabled, of which there are none", path: "/company/webhooks?status=disabled"),
            Search(name: "webhooks by event", path: "/company/webhooks?event=customer-created"),
            Search(name: "webhooks by event and what is nowhere", path: "/company/webhooks?event=x-y&search=zzz"),
            Search(name: "webhooks by resource", path: "/company/webhooks?resource=product"),
            Search(name: "one webhook", path: "/company/webhooks/\(ids.webhook)"),
            Search(name: "invocations, first page", path: history),
            Search(name: "invocations, page after page", path: history, goesOn: true),
            Search(name: "invocations that failed", path: history + "?outcome=failed", goesOn: true),
            Search(name: "invocations of a rare event", path: history + "?event=payment-failed", goesOn: true),
            Search(name: "one invocation", path: "/company/invocations/\(ids.invocation)"),
            Search(name: "events, first page", path: "/company/events"),
            Search(name: "events, page after page", path: "/company/events", goesOn: true),
            Search(name: "events of a rare type", path: "/company/events?event=payment-failed", goesOn: true),
            Search(name: "events of one resource", path: "/company/events?resourceId=\(resource)"),
            Search(
                name: "events of one resource and type",
                path: "/company/events?event=order-updated&resourceId=\(resource)"),
            Search(name: "one event", path: "/company/events/\(ids.event)"),
            Search(name: "deliveries of one event", path: "/company/events/\(ids.event)/deliveries"),
            Search(name: "pending deliveries", path: "/company/deliveries"),
        ]
    }

    /// Milliseconds of each request. A few go before, uncounted: plans and pages come into memory.
    private func measure(_ search: Search, _ api: ServiceClient) async throws -> Percentiles {
        Terminal.note("listing: \(search.name) …")
        var times: [Double] = []
        var cursor: String?
        for number in -20..<requests {
            let mark = search.path.contains("?") ? "&" : "?"
            let path = search.path + (cursor.map { "\(mark)cursor=\($0)" } ?? "")
            let start = ContinuousClock.now
            let answer = try await api.require([200], "GET", path)
            if number >= 0 { times.append((ContinuousClock.now - start) / .milliseconds(1)) }
            cursor = search.goesOn ? try answer.decoded(as: Page.self).nextCursor : nil
        }
        return Percentiles(times)
    }
}
