import Dressing
import HTTPTypes
import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Tenancy
import Webhooks

/// `/inspect/{name}`: takes any method without a token, keeps the request, and says 200.
struct InspectRoutes: Sendable {
    /// Bytes of a body that are taken, and of it what is kept.
    static let bodyLimit = 256 * 1024
    static let keptBody = 16 * 1024
    /// Requests a second, to all inspectors of a tenant together.
    static let rate = 20

    let parts: APIParts
    let limiter = RateLimiter()

    static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

    func receive(_ request: Request, _ name: String?) async throws -> Response {
        guard let name, name.utf8.count == 22,
            let place = try await parts.pool.execute(UseInspector(name: name)).first
        else { throw InspectorRoutes.notFound }
        let verdict = limiter.take(1, of: place.tenant, limit: Self.rate)
        guard verdict.isAllowed else {
            throw verdict.problem(policy: "inspect", detail: "Inspectors take \(Self.rate) requests a second.")
        }
        let body = try await request.bytes(upTo: Self.bodyLimit)
        let signature = try await signature(of: request, body, place)
        // What comes may hold a webhook's own secrets.
        let id = InspectedRequest.ID()
        let context = InspectorRoutes.context(of: id)
        let kept = InspectedRequest(
            id: id, inspectorID: place.id, tenantID: place.tenant, method: request.method.rawValue,
            target: request.uri.string, headers: parts.keys.seal(Self.json(of: request), context: context),
            body: parts.keys.seal(Array(body.prefix(Self.keptBody)), context: context), bodySize: body.count,
            verdict: signature.verdict, verdictDetail: signature.detail)
        do {
            _ = try await parts.pool.transact(
                SetTenantContext(tenant: place.tenant), InsertInspectedRequest(kept))
        } catch {
            // It was deleted this very moment.
            throw error.sqlState?.errorClass == "23" ? InspectorRoutes.notFound : error
        }
        return .json(Array(#"{"received":true}"#.utf8), headers: [.cacheControl: "no-store"])
    }

    private func signature(
        of request: Request, _ body: [UInt8], _ place: UseInspector.Place
    ) async throws -> SignatureVerdict {
        var secrets: WebhookSecrets?
        var content = body
        if let id = request.headers[SignatureVerdict.webhook].flatMap(Webhook.ID.init) {
            let (_, found, sealed) = try await parts.pool.transact(
                SetTenantContext(tenant: place.tenant), FindWebhook(id: id, tenant: place.tenant),
                FindWebhookSecrets(webhooks: [id]))
            if let webhook = found.first {
                secrets = try WebhookSecrets(sealed, keys: parts.keys)
                if request.method == .get {
                    content = AppendedQuery.text(of: request.uri.string, beyond: webhook.configuration.url)
                }
            }
        }
        return SignatureVerdict(of: request.headers, body: content, secrets: secrets, now: .now)
    }

    /// What a browser sends of itself, whoever's it is: a signed-in person may be led here.
    private static let ofBrowsers: Set<String> = ["cookie", "proxy-authorization"]

    /// `[[name, value], …]`, what is no text replaced.
    private static func json(of request: Request) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            if let host = request.head.authority { pair("host", host, &writer) }
            for field in request.headers {
                let name = field.name.rawName.lowercased()
                pair(name, ofBrowsers.contains(name) ? SecretMask.prefix : field.value, &writer)
            }
        }
        return writer.bytes
    }

    private static func pair(_ name: String, _ value: String, _ writer: inout JSONWriter) {
        writer.array { writer in
            writer.string(name)
            writer.string(value)
        }
    }
}
