public import HTTPTypes
public import Hosting
public import Hummingbird
import Webhooks

extension RateLimiter.Verdict {
    /// `RateLimit` and `RateLimit-Policy`, as the IETF's draft of them says (draft-ietf-httpapi-ratelimit-headers).
    ///
    /// - Parameter policy: its name: `api`.
    public func headers(policy: String) -> HTTPFields {
        [
            .rateLimitPolicy: "\"\(policy)\";q=\(limit);w=1",
            .rateLimit: "\"\(policy)\";r=\(remaining);t=\(resetSeconds)",
        ]
    }

    /// 429 with `Retry-After`.
    public func problem(policy: String, detail: String) -> Problem {
        var problem = Problem.tooManyRequests(retryAfter: resetSeconds, detail: detail)
        for field in headers(policy: policy) { problem.headers[field.name] = field.value }
        return problem
    }
}

extension HTTPField.Name {
    /// `RateLimit`.
    public static let rateLimit = HTTPField.Name("RateLimit")!
    /// `RateLimit-Policy`.
    public static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
}

/// Holds each tenant to the `apiPerSecond` of its settings.
struct RateLimitMiddleware: RouterMiddleware {
    typealias Context = TenantContext

    let limiter: RateLimiter

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let limit = context.tenant.settings.rateLimits?.apiPerSecond else {
            return try await next(request, context)
        }
        let verdict = limiter.take(1, of: context.tenant.id, limit: limit)
        guard verdict.isAllowed else {
            throw verdict.problem(policy: "api", detail: "This tenant may send \(limit) requests a second.")
        }
        do {
            var response = try await next(request, context)
            for field in verdict.headers(policy: "api") { response.headers[field.name] = field.value }
            return response
        } catch var problem as Problem {
            for field in verdict.headers(policy: "api") where problem.headers[field.name] == nil {
                problem.headers[field.name] = field.value
            }
            throw problem
        }
    }
}

extension RouterGroup where Context == TenantContext {
    /// The same routes, each tenant no oftener than its `settings.rateLimits.apiPerSecond`; 429 to what is too much.
    public func limitingRates(by limiter: RateLimiter = RateLimiter()) -> RouterGroup<TenantContext> {
        group().add(middleware: RateLimitMiddleware(limiter: limiter))
    }
}
