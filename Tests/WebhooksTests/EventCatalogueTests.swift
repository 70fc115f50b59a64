import Testing
import Webhooks

@Suite struct EventCatalogueTests {
    private let catalogue = EventCatalogue.standard

    @Test func theFileIsWhole() {
        #expect(catalogue.types.count == 49)
        #expect(catalogue.types.filter(\.isPartial).count == 11)
        #expect(
            catalogue.types.filter(\.isOperational).map(\.name)
                == ["webhook-disabled", "webhook-failing", "webhook-recovered"])
        for type in catalogue.types {
            #expect(type.name == "\(type.resource)-\(type.action)")
            #expect(!type.description.isEmpty && EventType.isValidName(type.name))
            #expect(catalogue.type(named: type.name) == type)
            for alias in type.aliases { #expect(catalogue.type(named: alias) == type, "\(alias)") }
        }
    }

    @Test(
        "Names and aliases",
        arguments: [
            ("order-created", "order-created"), ("orders-created", "order-created"), ("order.created", "order-created"),
            ("onNewOrderCreated", "order-created"), ("topic-map-updated", "topic-map-updated"),
            ("product-inventory_updated", "product-inventory_updated"), ("Order-Created", nil), ("order-made", nil),
            ("", nil), ("*", nil),
        ] as [(String, String?)])
    func names(given: String, expected: String?) {
        #expect(catalogue.type(named: given)?.name == expected)
    }

    @Test(
        "Names that may have been meant",
        arguments: [
            ("order-creatd", "order-created"), ("ordr.created", "order-created"), ("ORDER_CREATED", "order-created"),
            ("product-update", "product-updated"), ("customer/delete", "customer-deleted"),
            ("webhook", "webhook-disabled"),
        ])
    func near(given: String, expected: String) {
        #expect(catalogue.nearNames(to: given).first == expected)
    }

    @Test func farNames() {
        #expect(catalogue.nearNames(to: "completely-different-thing") == [])
        #expect(catalogue.nearNames(to: "") == [])
        #expect(catalogue.nearNames(to: String(repeating: "order-", count: 100_000)) == [])
        #expect(catalogue.nearNames(to: "order").count == 5)
    }

    @Test(
        "Patterns",
        arguments: [
            ("order-created", ["order-created"]), ("order-*", ["order-created", "order-pipeline-stage-changed"]),
            ("*", ["order-created", "order-pipeline-stage-changed", "orders", "webhook-made"]),
            ("webhook-*", ["webhook-made"]), ("webhook-failing", ["webhook-failing"]),
            (
                "order*",
                [
                    "order-created", "order-pipeline-stage-changed", "orders",
                ]
            ),
        ])
    func patterns(text: String, matched: [String]) throws {
        let pattern = try #require(EventPattern(text))
        let names = ["order-created", "order-pipeline-stage-changed", "orders", "webhook-failing", "webhook-made"]
        #expect(names.filter(pattern.matches) == matched)
        #expect(pattern.description == text)
    }

    @Test("What is no pattern", arguments: ["", "**", "or*der", "-*", "order created", "ördér", "a\n", "*-created"])
    func noPattern(text: String) {
        #expect(EventPattern(text) == nil)
    }

    @Test func patternsOfTheCatalogue() throws {
        #expect(try catalogue.matches(#require(EventPattern("*"))))
        #expect(try catalogue.matches(#require(EventPattern("order-*"))))
        #expect(try !catalogue.matches(#require(EventPattern("invoice-*"))))
        #expect(try !catalogue.matches(#require(EventPattern("webhook-*"))))
        #expect(try catalogue.matches(#require(EventPattern("webhook-failing"))))
    }

    @Test(
        "Names of open catalogues",
        arguments: [
            ("invoice-paid", "invoice", "paid"), ("gift-card-created", "gift-card", "created"),
            ("customer.subscription.created", "customer.subscription", "created"),
            ("order_created", "order", "created"),
            ("invoice.payment_succeeded", "invoice", "payment_succeeded"), ("ping", "ping", "ping"),
            ("ping-", "ping-", "ping-"),
        ])
    func openNames(name: String, resource: String, action: String) throws {
        let type = try #require(EventType(openName: name))
        #expect((type.name, type.resource, type.action) == (name, resource, action))
    }

    @Test("What is no name", arguments: ["", "-a", "a b", "ü", "a*", "a\0", String(repeating: "a", count: 129)])
    func noName(text: String) {
        #expect(EventType(openName: text) == nil)
        #expect(!EventCatalogue.isValidName(text))
    }
}
