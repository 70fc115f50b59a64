import Curl
import JSON
import Testing
import Webhooks

@testable import APIService

/// What is said of a webhook's `payloadQuery` when it is saved.
@Suite struct PayloadQueryInputTests {
    /// The faults' details; all are of the query.
    private func details(of query: String, _ change: (inout WebhookRules) -> Void = { _ in }) throws -> [String] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("name", "w")
            writer.member("url", "https://test.com/")
            writer.name("events")
            writer.array { $0.string("order-created") }
            writer.member("payloadQuery", query)
        }
        var rules = WebhookRules(catalogue: .standard, settings: TenantSettings(), addresses: AddressPolicy())
        change(&rules)
        let faults = Faults()
        let input = WebhookInput(
            try JSONDocument(parsing: writer.bytes).root, rules: rules, stored: nil, faults: faults)
        #expect(input == nil ? !faults.isEmpty : input?.configuration.payloadQuery == query)
        #expect(faults.list.allSatisfy { $0.field == "payloadQuery" && $0.code == .invalid })
        return faults.list.map(\.detail)
    }

    @Test func allFindingsAreNamedWithTheirPlaces() throws {
        let details = try details(of: "query ($a: A) {\n  orders { get }\n  item { ...F }\n}")
        #expect(details.count == 3)
        let places = ["Line 1, column 8: ", "Line 2, column 3: ", "Line 3, column 10: "]
        for (detail, place) in zip(details, places) { #expect(detail.hasPrefix(place), "\(detail)") }
    }

    @Test(arguments: [
        "mutation { order { create } }", "subscription { order { id } }", "{ order { id } } mutation { order { x } }",
        "{ ...F } fragment F on Mutation { order { x } } mutation M { ...F }",
    ])
    func onlyQueries(query: String) throws { #expect(try details(of: query).isEmpty == false) }

    @Test("Every resource of the catalogue is a root", arguments: EventCatalogue.standard.types)
    func roots(type: EventType) throws {
        let root = QueryRoots.name(ofResource: type.resource)
        #expect(try details(of: "query ($id: ID!) { \(root) { get(id: $id) { id } } }") == [])
    }

    @Test func aTenantsOwnResourcesAreRoots() throws {
        let query = "{ giftCard { get(id: 1) } item { get(id: 2) } }"
        #expect(try details(of: query).count == 1)
        let type = EventType(name: "gift-card-issued", resource: "gift-card", action: "issued")
        #expect(try details(of: query) { $0 = $0.knowing(type) } == [])
        #expect(try details(of: query) { $0 = $0.open } == [])
        #expect(try details(of: "{ giftCard") { $0 = $0.open }.count == 1)
    }

    /// A type may have been deleted since, and other members can still be changed.
    @Test func aQueryThatIsThereMayStay() throws {
        #expect(try details(of: "{ giftCard }") { $0.keptQuery = "{ giftCard }" } == [])
        #expect(try details(of: "{ giftCard }") { $0.keptQuery = "{ order }" }.count == 1)
    }
}

extension WebhookRules {
    fileprivate func knowing(_ type: EventType) -> WebhookRules {
        WebhookRules(catalogue: catalogue.adding([type]), settings: settings, addresses: addresses)
    }

    fileprivate var open: WebhookRules {
        var settings = settings
        settings.eventCatalogue = .open
        return WebhookRules(catalogue: catalogue, settings: settings, addresses: addresses)
    }
}
