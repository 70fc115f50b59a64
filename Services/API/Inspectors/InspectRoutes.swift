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
    /// Requests a second, to one inspector; one whose address got about takes nothing from the tenant's others.
    static let rate = 20
    /// Requests a second, to all inspectors of a tenant together.
    static let rateOfTenant = 60

    let parts: APIParts
    let limiter = RateLimiter()

    static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

    func receive(_ request: Request, _ name: String?) async throws -> Response {
        guard let name, name.utf8.count == 22,
            let place = try await parts.pool.execute(UseInspector(name: name)).first
        else { throw InspectorRoutes.notFound }
        try take(1, of: place.id, limit: Self.rate, "An inspector takes \(Self.rate) requests a second.")
        try take(
            1, of: place.tenant, limit: Self.rateOfTenant,
            "A tenant's inspectors take \(Self.rateOfTenant) requests a second.")
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

    private func take<Subject>(_ cost: Int, of subject: Identifier<Subject>, limit: Int, _ detail: String) throws {
        let verdict = limiter.take(cost, of: subject, limit: limit)
        guard verdict.isAllowed else { throw verdict.problem(policy: "inspect", detail: detail) }
    }

    private func signature(
        of request: Request, _ body: [UInt8], _ place: UseInspector.Place
    ) async throws -> SignatureVerdict {
        let signed = SignatureVerdict.Signed(
            method: request.method, target: request.uri.string, headers: request.headers, body: body)
        guard let id = request.headers[SignatureVerdict.webhook].flatMap(Webhook.ID.init) else {
            return SignatureVerdict(of: signed, by: nil, now: .now)
        }
        let (_, found, sealed, signature, tenants) = try await parts.pool.transact(
            SetTenantContext(tenant: place.tenant), FindWebhook(id: id, tenant: place.tenant),
            FindWebhookSecrets(webhooks: [id]), FindSignatureSecret(id: place.tenant),
            FindTenants(ids: [place.tenant]))
        let usual = tenants.first?.tenant.settings.dialect ?? .standard
        let sender = try found.first.map { webhook in
            SignatureVerdict.Sender(
                configuration: webhook.configuration,
                dialect: webhook.configuration.dialect ?? usual,
                secrets: try WebhookSecrets(
                    sealed, signature: SealedSignatureSecret(tenant: place.tenant, found: signature),
                    keys: parts.keys))
        }
        return SignatureVerdict(of: signed, by: sender, now: .now)
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
