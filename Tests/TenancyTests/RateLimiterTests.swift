import HTTPTypes
import Hosting
import Testing
import Webhooks

@testable import Tenancy

@Suite("Rates of tenants")
struct RateLimiterTests {
    private let tenant = Tenant.ID()
    private let start = ContinuousClock.now

    @Test("Below and at the limit all goes, above it nothing, and the bucket fills evenly")
    func limit() {
        let limiter = RateLimiter()
        for left in [2, 1, 0] {
            let verdict = limiter.take(1, of: tenant, limit: 3, at: start)
            #expect(verdict.isAllowed && verdict.remaining == left && verdict.limit == 3)
        }
        let refused = limiter.take(1, of: tenant, limit: 3, at: start)
        #expect(!refused.isAllowed && refused.remaining == 0 && refused.resetSeconds == 1)
        #expect(limiter.take(1, of: Tenant.ID(), limit: 3, at: start).isAllowed)  // another tenant's is its own
        #expect(!limiter.take(1, of: tenant, limit: 3, at: start + .milliseconds(333)).isAllowed)
        #expect(limiter.take(1, of: tenant, limit: 3, at: start + .milliseconds(334)).isAllowed)
        #expect(!limiter.take(1, of: tenant, limit: 3, at: start + .milliseconds(335)).isAllowed)
        // However long nobody asks, no more than a second's worth is saved up.
        #expect(limiter.take(3, of: tenant, limit: 3, at: start + .seconds(3600)).isAllowed)
        #expect(!limiter.take(1, of: tenant, limit: 3, at: start + .seconds(3600)).isAllowed)
    }

    @Test("What costs more than a second's worth goes once, and is waited for")
    func debt() {
        let limiter = RateLimiter()
        #expect(limiter.take(10, of: tenant, limit: 5, at: start).isAllowed)
        let refused = limiter.take(1, of: tenant, limit: 5, at: start)
        #expect(!refused.isAllowed && refused.resetSeconds == 2)
        #expect(!limiter.take(1, of: tenant, limit: 5, at: start + .milliseconds(1100)).isAllowed)
        #expect(limiter.take(1, of: tenant, limit: 5, at: start + .milliseconds(1201)).isAllowed)
        #expect(!limiter.take(5, of: tenant, limit: 5, at: start + .milliseconds(1201)).isAllowed)
    }

    @Test("Headers are those of the draft")
    func headers() {
        let limiter = RateLimiter()
        let verdict = limiter.take(1, of: tenant, limit: 2, at: start)
        let headers = verdict.headers(policy: "api")
        #expect(headers[.rateLimitPolicy] == #""api";q=2;w=1"# && headers[.rateLimit] == #""api";r=1;t=1"#)
        _ = limiter.take(1, of: tenant, limit: 2, at: start)
        let problem = limiter.take(1, of: tenant, limit: 2, at: start).problem(policy: "api", detail: "x")
        #expect(problem.status.code == 429 && problem.headers[.retryAfter] == "1")
        #expect(problem.headers[.rateLimit] == #""api";r=0;t=1"#)
    }

    @Test("Its memory is bounded, and those in debt are remembered")
    func memory() {
        let limiter = RateLimiter()
        #expect(limiter.take(100, of: tenant, limit: 1, at: start).isAllowed)
        for number in 0..<25_000 {
            _ = limiter.take(1, of: Tenant.ID(), limit: 1, at: start + .milliseconds(number))
        }
        #expect(!limiter.take(1, of: tenant, limit: 1, at: start + .seconds(26)).isAllowed)
        #expect(limiter.count <= 10_000)
    }
}
