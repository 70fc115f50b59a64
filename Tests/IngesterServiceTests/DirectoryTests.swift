import Testing
import Webhooks

@testable import IngesterService

@Suite struct DirectoryTests {
    @Test func webhooksMatchByNamePrefixAndStar() {
        let named = Samples.subscription("order-created", "order-updated")
        let prefix = Samples.subscription("order-*")
        let star = Samples.subscription("*")
        let known = Samples.subscriptions(named, prefix, star)
        func matches(_ type: String) -> Set<Webhook.ID> {
            Set(known.matches(Samples.event(type)).map(\.webhookID))
        }
        #expect(matches("order-created") == [named.webhookID, prefix.webhookID, star.webhookID])
        #expect(matches("order-deleted") == [prefix.webhookID, star.webhookID])
        #expect(matches("product-updated") == [star.webhookID])
        #expect(matches("order-created").count == 3)  // and once more, remembered
    }

    @Test func webhooksAreOwedOnceHoweverManyPatternsMatch() {
        let known = Samples.subscriptions(Samples.subscription("order-created", "order-*", "*"))
        #expect(known.matches(Samples.event()).count == 1)
    }

    @Test func changesMakeANewVersion() {
        let first = Samples.subscription("*")
        let second = Samples.subscription("*")
        let old = Samples.subscriptions(version: 3, first, second)
        #expect(old.matches(Samples.event()).count == 2)
        let changed = Samples.subscription("product-*", id: second.webhookID)
        let new = old.with(
            [
                SubscriptionChange(webhookID: first.webhookID, subscription: nil),
                SubscriptionChange(webhookID: second.webhookID, subscription: changed),
            ], version: 5)
        #expect(new.version == 5 && new.weight == 1)
        #expect(new.matches(Samples.event()).isEmpty)
        #expect(new.matches(Samples.event("product-updated")).map(\.webhookID) == [second.webhookID])
        #expect(old.matches(Samples.event()).count == 2)
    }

    @Test func manyTypesAreNotAllRemembered() {
        let known = Samples.subscriptions(Samples.subscription("*"))
        for number in 0..<1000 { #expect(known.matches(Samples.event("type-\(number)")).count == 1) }
    }

    @Test func orderKeys() {
        let event = Samples.event(resourceID: "1")
        let same = Samples.event("order-updated", resourceID: "1")
        let other = Samples.event(resourceID: "2")
        let alone = Samples.event()
        let resource = Samples.subscription("*", ordering: .resource)
        #expect(Samples.subscription("*").orderKey(of: event) == nil)
        #expect(Samples.subscription("*", ordering: .webhook).orderKey(of: event) == 0)
        #expect(resource.orderKey(of: event) != nil)
        #expect(resource.orderKey(of: event) == resource.orderKey(of: same))
        #expect(resource.orderKey(of: event) != resource.orderKey(of: other))
        #expect(resource.orderKey(of: alone) != nil)
        #expect(resource.orderKey(of: alone) != resource.orderKey(of: Samples.event()))
    }

    @Test func theCacheForgetsWhatWasAskedForLongestAgo() {
        var cache = DirectoryCache(limit: 80)
        let tenants = (0..<41).map { _ in Tenant.ID() }
        for tenant in tenants.dropLast() { cache.keep(Samples.subscriptions(Samples.subscription("*")), for: tenant) }
        #expect(cache.weight == 80)
        _ = cache.find(tenants[0])  // now the youngest
        cache.keep(Samples.subscriptions(Samples.subscription("*")), for: tenants[40])
        #expect(cache.weight <= 70)
        let isThere = [0, 1, 40].map { cache.find(tenants[$0]) != nil }
        #expect(isThere == [true, false, true])
    }

    @Test func theCacheKeepsTheNewerVersion() {
        var cache = DirectoryCache(limit: 10)
        cache.keep(Samples.subscriptions(version: 5, Samples.subscription("*")), for: Samples.tenant)
        cache.keep(Samples.subscriptions(version: 4), for: Samples.tenant)
        let kept = cache.find(Samples.tenant)
        #expect(kept?.version == 5 && cache.weight == 2)
        cache.keep(Samples.subscriptions(version: 6), for: Samples.tenant)
        #expect(cache.weight == 1)
        cache.forget(Samples.tenant)
        let forgotten = cache.find(Samples.tenant)
        #expect(cache.weight == 0 && forgotten == nil)
    }

    @Test func oneTenantMayBeLargerThanTheCache() {
        var cache = DirectoryCache(limit: 4)
        cache.keep(Samples.subscriptions(Samples.subscription("*")), for: Tenant.ID())
        let large = TenantSubscriptions(
            version: 1,
            subscriptions: Dictionary(
                uniqueKeysWithValues: (0..<10).map { _ in
                    let subscription = Samples.subscription("*")
                    return (subscription.webhookID, subscription)
                }))
        cache.keep(large, for: Samples.tenant)
        let found = cache.find(Samples.tenant)
        #expect(found?.weight == 10 && cache.weight == 11)
    }
}
