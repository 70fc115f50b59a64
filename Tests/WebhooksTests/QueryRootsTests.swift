import Testing
import Webhooks

@Suite struct QueryRootsTests {
    @Test func names() {
        let names = QueryRoots.names(for: EventCatalogue.standard.types)
        #expect(names.isSuperset(of: ["order", "topicMap", "priceList", "subscriptionContract", "item", "product"]))
        #expect(!names.contains("topic-map") && !names.contains("orders"))
    }

    @Test(
        "A root stands for resources",
        arguments: [
            ("order", ["order"]), ("topicMap", ["topic-map"]), ("item", ["product", "document", "folder"]),
            ("parcel", ["parcel"]), ("giftCard", ["giftCard", "gift-card", "gift_card", "gift.card", "gift/card"]),
        ])
    func resources(name: String, resources: [String]) { #expect(QueryRoots.resources(of: name) == resources) }

    @Test("What a resource is called leads back to it", arguments: ["order", "gift-card", "gift_card", "a.b", "a/b/c"])
    func back(resource: String) {
        #expect(QueryRoots.resources(of: QueryRoots.name(ofResource: resource)).contains(resource))
    }
}
