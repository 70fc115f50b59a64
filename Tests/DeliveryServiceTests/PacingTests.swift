import Store
import Testing
import Webhooks

@testable import DeliveryService

/// How fast a lane may go.
@Suite struct PacingTests {
    let start = Instant(microseconds: 1_700_000_000_000_000)
    let limits = PaceLimits(concurrency: 32)

    @Test("No span of the limit's length holds more requests", arguments: [(5, 1), (100, 60), (1000, 1), (1, 3600)])
    func rate(requests: Int, perSeconds: Int) {
        let limit = WebhookConfiguration.RateLimit(requests: requests, perSeconds: perSeconds)
        var bucket = TokenBucket()
        var (now, sent) = (start, [Instant]())
        for _ in 0..<3 * requests {
            now = bucket.token(after: now)
            sent.append(now)
            bucket.take(at: now, limit: limit)
        }
        let allowed = requests + Int(TokenBucket.slack / (.seconds(perSeconds) / requests))
        for (index, instant) in sent.enumerated() {
            #expect(sent[index...].prefix { $0 < instant + .seconds(perSeconds) }.count <= allowed)
        }
        let span = Double((now - start) / .milliseconds(1)) / 1000
        #expect(span < Double(3 * perSeconds) * 1.01, "and it is used up")
    }

    @Test func aTokenThatWasNotUsedIsThereAgain() {
        let limit = WebhookConfiguration.RateLimit(requests: 1, perSeconds: 60)
        var bucket = TokenBucket()
        bucket.take(at: start, limit: limit)
        #expect(bucket.token(after: start) > start + .seconds(59))
        bucket.putBack(limit: limit)
        #expect(bucket.token(after: start) == start)
    }

    @Test func theWindowGrowsBySuccessAndHalvesOnceARound() {
        var window = ConcurrencyWindow()
        for _ in 0..<100 { window.succeeded(maximum: 32) }
        #expect(window.limit == 32)
        for _ in 0..<32 { window.failed(startedAt: start, now: start + .seconds(1)) }
        #expect(window.limit == 16, "all of them began before the first failure")
        for _ in 0..<15 { window.succeeded(maximum: 32) }
        #expect(window.limit == 16)
        for _ in 0..<3 { window.succeeded(maximum: 32) }
        #expect(window.limit == 17, "one more a round")
        for second in 2..<12 { window.failed(startedAt: start + .seconds(second), now: start + .seconds(second)) }
        #expect(window.limit == 1, "never none")
    }

    @Test func theBreakerOpensAfterTenFailuresInARow() {
        var breaker = CircuitBreaker()
        for _ in 0..<9 { breaker.failed(at: start) }
        breaker.succeeded(at: start)
        for _ in 0..<9 { breaker.failed(at: start) }
        #expect(breaker.isClosed)
        breaker.failed(at: start)
        #expect(breaker.state == .open(until: start + .seconds(5)))
        #expect(!breaker.admits(at: start + .seconds(4)))
        #expect(breaker.admits(at: start + .seconds(5)))
    }

    @Test func theBreakerOpensWhenHalfOfAMinuteFails() {
        var breaker = CircuitBreaker()
        for second in 0..<9 {
            breaker.succeeded(at: start + .seconds(second))
            breaker.failed(at: start + .seconds(second))
        }
        breaker.succeeded(at: start + .seconds(20))
        #expect(breaker.isClosed)
        breaker.failed(at: start + .seconds(20))
        #expect(!breaker.isClosed)

        var slow = CircuitBreaker()
        for second in stride(from: 0, to: 600, by: 8) {  // half of them too, but never twenty in a minute
            slow.succeeded(at: start + .seconds(second))
            slow.failed(at: start + .seconds(second + 1))
        }
        #expect(slow.isClosed)
    }

    @Test func probesComeAtDoublingPausesUntilOneSucceeds() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 { breaker.failed(at: start) }
        var (now, pauses) = (start, [Duration]())
        for _ in 0..<8 {
            pauses.append(breaker.opensAt! - now)
            now = breaker.opensAt!
            breaker.start()
            #expect(!breaker.admits(at: now), "one probe at a time")
            breaker.failed(at: now)
        }
        #expect(pauses == [5, 10, 20, 40, 80, 160, 300, 300].map(Duration.seconds))
        breaker.start()
        breaker.succeeded(at: now)
        #expect(breaker.isClosed)
        for _ in 0..<10 { breaker.failed(at: now) }
        #expect(breaker.opensAt == now + .seconds(5), "it begins anew")
    }

    @Test func aProbeThatDidNotGoOutIsRepeated() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 { breaker.failed(at: start) }
        breaker.start()
        breaker.cancelStart(at: start)
        #expect(breaker.admits(at: start))
    }

    @Test func anotherOwnerGoesOnWhereThisOneStopped() {
        var pace = LanePace()
        for _ in 0..<10 {
            pace.note(.timeout, at: start, startedAt: start, took: .seconds(5), limits: limits)
        }
        #expect(pace.isDirty && !pace.mayStart(at: start, inFlight: 0, limits: limits))
        let memory = pace.memory(of: Webhook.ID(), in: Shard(1)!)
        var next = LanePace()
        next.restore(memory)
        #expect(!next.mayStart(at: start + .seconds(4), inFlight: 0, limits: limits))
        #expect(next.mayStart(at: start + .seconds(5), inFlight: 0, limits: limits))
        #expect(next.failingSince == start)
        next.start(at: start + .seconds(5), limits: limits)
        #expect(!next.mayStart(at: start + .seconds(5), inFlight: 1, limits: limits))
        next.note(nil, at: start + .seconds(6), startedAt: start, took: .zero, limits: limits)
        #expect(next.isDirty && next.memory(of: Webhook.ID(), in: Shard(1)!).isBlank)
    }

    @Test func tooManyRequestsPauseAndNarrowButBreakNothing() {
        var pace = LanePace()
        for second in 0..<20 {
            let now = start + .seconds(second)
            pace.note(.http429, at: now, startedAt: now, took: .zero, limits: limits)
        }
        #expect(pace.mayStart(at: start + .seconds(20), inFlight: 0, limits: limits))
        #expect(!pace.mayStart(at: start + .seconds(20), inFlight: 1, limits: limits))
        pace.pause(until: start + .seconds(60))
        #expect(pace.nextChance(after: start + .seconds(20), limits: limits) == start + .seconds(60))
    }

    @Test func aReceiverThatIsOftenSlowIsASlowOne() {
        var pace = LanePace()
        func note(_ seconds: Int) {
            pace.note(nil, at: start, startedAt: start, took: .seconds(seconds), limits: limits)
        }
        note(3)
        #expect(!pace.isSlow)
        note(3)
        #expect(pace.isSlow)
        for _ in 0..<40 { note(0) }
        #expect(!pace.isSlow)
    }

    @Test(
        "Receivers are told apart by scheme, host and port",
        arguments: [
            ("https://a.example/x", "https://A.example/y?z", true),
            ("https://a.example?x", "https://a.example#y", true),
            ("https://a.example/x", "http://a.example/x", false),
            ("https://a.example:8443/", "https://a.example/", false),
        ])
    func origins(one: String, other: String, areSame: Bool) {
        #expect((Origin(of: one) == Origin(of: other)) == areSame)
    }

    @Test func anOriginHasItsLimitAndALine() {
        var limits = OriginLimits(limit: 2)
        let origin = Origin(of: "http://a/")
        let webhooks = (0..<4).map { _ in Webhook.ID() }
        let tenant = Tenant.ID()
        let entered = webhooks.map { limits.enter(origin, $0, of: tenant) }
        #expect(entered == [true, true, false, false])
        let elsewhere = limits.enter(Origin(of: "http://b/"), webhooks[2], of: tenant)
        #expect(elsewhere)
        let early = limits.nextWaiting(for: origin)
        limits.leave(origin)
        let next = limits.nextWaiting(for: origin)
        #expect(early == nil && next == webhooks[2])
        let enters = limits.enter(origin, webhooks[2], of: tenant)
        let over = limits.nextWaiting(for: origin)
        #expect(enters && over == nil)
    }

    @Test func inAnOriginsLineEachTenantHasItsTurn() {
        var limits = OriginLimits(limit: 1)
        let origin = Origin(of: "http://a/")
        let (many, one) = (Tenant.ID(), Tenant.ID())
        let webhooks = (0..<5).map { _ in Webhook.ID() }
        for webhook in webhooks[..<4] { _ = limits.enter(origin, webhook, of: many) }
        _ = limits.enter(origin, webhooks[4], of: one)
        var order: [Webhook.ID] = []
        limits.leave(origin)
        while let next = limits.nextWaiting(for: origin) { order.append(next) }
        #expect(order == [webhooks[1], webhooks[4], webhooks[2], webhooks[3]])
    }

    @Test func aLaneThatMustWaitAsksAgainForWhatMayBeThereLater() {
        let lane = Lane(shard: .draw(), webhookID: Webhook.ID())
        let now = Instant.now
        lane.pace.pause(until: now + .seconds(10))
        lane.beginRead()
        lane.endRead([], isFull: false)
        #expect(lane.isAsleep(at: now, limits: PaceLimits()) && lane.wantsPeek)
        #expect(lane.nextChance(after: now, limits: PaceLimits()) == now + .seconds(10))
        lane.peeked(nil)
        #expect(lane.nextChance(after: now, limits: PaceLimits()) == nil, "nothing is there at all")
    }

    @Test func keysThatAreHeldBackAreBounded() {
        var keys = OrderKeys()
        for key in 1..<Int64(OrderKeys.most) { keys.wait(.sample(orderKey: key), key) }
        #expect(!keys.blocksAll)
        keys.wait(.sample(orderKey: 5000), 5000)
        #expect(keys.blocksAll)
        _ = keys.takeDueHead(at: .now)
        let isRead = keys.settled(1)
        #expect(isRead && !keys.blocksAll)
    }
}

extension Delivery {
    fileprivate static func sample(orderKey: Int64) -> Delivery {
        Delivery(
            id: Delivery.ID(), shard: .draw(), tenantID: Tenant.ID(), webhookID: Webhook.ID(), eventID: Event.ID(),
            dueAt: .now, orderKey: orderKey)
    }
}
