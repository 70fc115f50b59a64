import Hosting
import Hummingbird
import Postgres
import Store
import Tenancy
import Upkeep
import Webhooks

/// Every path of the API, and which permission it asks for.
struct APIRouter {
    let parts: APIParts
    let verifier: AccessTokenVerifier

    func add(to router: Router<HostRequestContext>) {
        let directory = ClosureTenantDirectory { [pool = parts.pool] identifier in
            try await pool.execute(FindTenant(identifier: identifier)).first?.tenant
        }
        let keys = APIKeyDirectory(pool: parts.pool)
        let sessions = PortalSessionDirectory(pool: parts.pool) { [url = parts.publicURL] in url.isSecure($0) }
        let company = router.tenantRoutes(
            verifier: verifier, keys: keys, sessions: sessions, directory: directory
        ).limitingRates()
        addWebhooks(to: company)
        addSecrets(to: company)
        addKeys(to: company)
        addHistory(to: company)
        addMetrics(to: company)
        addInspectors(to: company, router)
        let portal = PortalRoutes(parts: parts, sessions: sessions)
        company.group().add(middleware: IdempotencyMiddleware(parts: parts, isPersonal: true)).post("portal-links") {
            try await portal.createLink($0, by: $1.token, of: $1.tenant)
        }
        router.tenantRoutes("portal", verifier: verifier, keys: keys, directory: directory).limitingRates()
            .post("session") { try await portal.openByToken($0, by: $1.token, of: $1.tenant) }
        addPages(portal, to: router)
        addTenants(
            to: router.operatorRoutes(verifier: verifier).group().add(middleware: IdempotencyMiddleware(parts: parts)))
    }

    /// Routes that ask for a permission, and heed `Idempotency-Key` behind it.
    private func guarded(
        _ company: RouterGroup<TenantContext>, _ requirement: Requirement
    ) -> RouterGroup<TenantContext> {
        company.requiring(requirement).add(middleware: IdempotencyMiddleware(parts: parts))
    }

    private func addWebhooks(to company: RouterGroup<TenantContext>) {
        let routes = WebhookRoutes(parts: parts)
        let group = guarded(company, .webhooks).group("webhooks")
        group.get { try await routes.list($0, of: $1.tenant) }
        group.post { try await routes.create($0, of: $1.tenant) }
        group.get(":id") { try await routes.one($0, $1.parameters.get("id"), of: $1.tenant) }
        group.put(":id") {
            try await routes.replace($0, $1.parameters.get("id"), of: $1.tenant, by: $1.token.subject)
        }
        group.patch(":id") {
            try await routes.patch($0, $1.parameters.get("id"), of: $1.tenant, by: $1.token.subject)
        }
        group.delete(":id") { try await routes.delete($0, $1.parameters.get("id"), of: $1.tenant) }
        let tests = TestRoutes(parts: parts)
        group.post("test") { try await tests.unsaved($0, of: $1.tenant) }
        group.post(":id/test") { try await tests.saved($0, $1.parameters.get("id"), of: $1.tenant) }
        let previews = PreviewRoutes(parts: parts)
        group.post("preview") { try await previews.preview($0, by: $1.token, of: $1.tenant) }
        let changes = ChangeRoutes(parts: parts)
        group.get(":id/changes") { try await changes.list($0, $1.parameters.get("id"), of: $1.tenant) }
        let types = EventTypeRoutes(parts: parts)
        let catalogue = guarded(company, .webhooks).group("event-types")
        catalogue.get { try await types.list($0, of: $1.tenant) }
        catalogue.post { try await types.create($0, of: $1.tenant) }
        catalogue.get(":name") { try await types.one($0, $1.parameters.get("name"), of: $1.tenant) }
        catalogue.delete(":name") { try await types.delete($0, $1.parameters.get("name"), of: $1.tenant) }
        guarded(company, .webhooks).get("egress") { [parts] _, _ in parts.egressAnswer }
    }

    private func addSecrets(to company: RouterGroup<TenantContext>) {
        let routes = SecretRoutes(parts: parts)
        let group = guarded(company, .secrets)
        group.get("webhooks/:id/secret") { try await routes.one($0, $1.parameters.get("id"), of: $1.tenant) }
        group.post("webhooks/:id/secret/rotate") {
            try await routes.rotate($0, $1.parameters.get("id"), of: $1.tenant, by: $1.token.subject)
        }
        group.get("signature-secret") { try await routes.signatureSecret($0, of: $1.tenant) }
        group.post("signature-secret/rotate") { try await routes.rotateSignatureSecret($0, of: $1.tenant) }
    }

    private func addMetrics(to company: RouterGroup<TenantContext>) {
        let routes = MetricsRoutes(parts: parts)
        let group = guarded(company, .metrics)
        group.get("metrics") { try await routes.all($0, of: $1.tenant) }
        group.get("webhooks/metrics") { try await routes.several($0, of: $1.tenant) }
        group.get("webhooks/:id/metrics") { try await routes.one($0, $1.parameters.get("id"), of: $1.tenant) }
    }

    private func addHistory(to company: RouterGroup<TenantContext>) {
        let invocations = InvocationRoutes(parts: parts)
        let deliveries = DeliveryRoutes(parts: parts)
        let replays = ReplayRoutes(parts: parts)
        let events = EventRoutes(parts: parts)
        let group = guarded(company, .deliveries)
        group.get("webhooks/:id/invocations") {
            try await invocations.list($0, $1.parameters.get("id"), of: $1.tenant)
        }
        let streams = StreamRoutes(parts: parts)
        group.get("webhooks/:id/invocations/stream") {
            try await streams.invocations($0, $1.parameters.get("id"), by: $1.token, of: $1.tenant)
        }
        group.get("invocations/:id") { try await invocations.one($0, $1.parameters.get("id"), of: $1.tenant) }
        group.post("invocations/:id/retry") { try await invocations.retry($0, $1.parameters.get("id"), of: $1.tenant) }
        group.post("webhooks/:id/replay") { try await replays.create($0, $1.parameters.get("id"), of: $1.tenant) }
        group.get("replays/:id") { try await replays.one($0, $1.parameters.get("id"), of: $1.tenant) }
        group.get("deliveries") { try await deliveries.list($0, of: $1.tenant) }
        group.delete("deliveries/:id") { try await deliveries.cancel($0, $1.parameters.get("id"), of: $1.tenant) }
        let readers = guarded(company, .events).group("events")
        readers.get { try await events.list($0, of: $1.tenant) }
        readers.get(":id") { try await events.one($0, $1.parameters.get("id"), of: $1.tenant) }
        readers.get(":id/deliveries") { try await events.deliveries($0, $1.parameters.get("id"), of: $1.tenant) }
        company.post("events") { _, _ -> Response in throw Self.isIngesters }
    }

    private func addKeys(to company: RouterGroup<TenantContext>) {
        let routes = APIKeyRoutes(parts: parts)
        let group = company.requiring(.secrets).add(middleware: IdempotencyMiddleware(parts: parts, isPersonal: true))
            .group("api-keys")
        group.get { try await routes.list($0, of: $1.tenant) }
        group.post { try await routes.create($0, by: $1.token, of: $1.tenant) }
        group.delete(":id") { try await routes.delete($0, $1.parameters.get("id"), of: $1.tenant) }
    }

    private func addInspectors(to company: RouterGroup<TenantContext>, _ router: Router<HostRequestContext>) {
        let routes = InspectorRoutes(parts: parts)
        let group = guarded(company, .webhooks).group("inspectors")
        group.get { try await routes.list($0, of: $1.tenant) }
        group.post { try await routes.create($0, of: $1.tenant) }
        group.delete(":id") { try await routes.delete($0, $1.parameters.get("id"), of: $1.tenant) }
        group.get(":id/requests") {
            try await routes.requests(
                $0, $1.parameters.get("id"), of: $1.tenant,
                showsSecrets: $1.token.permissions.contains(.webhooksWrite))
        }
        let receiver = InspectRoutes(parts: parts)
        for method in InspectRoutes.methods {
            // A name that begins with `secret` keeps the value out of the logs.
            router.on("inspect/:secretName", method: method) {
                try await receiver.receive($0, $1.parameters.get("secretName"))
            }
        }
    }

    /// The portal's files, and its sessions. Every other path below it is a page, which the page itself finds.
    private func addPages(_ portal: PortalRoutes, to router: Router<HostRequestContext>) {
        let files = PortalFiles()
        router.get("portal") { request, _ in files.answer(request, files.page) }
        router.get("portal/**") { request, _ in files.answer(request, files.page) }
        router.get("portal/assets/:name") { try files.asset($0, $1.parameters.get("name")) }
        router.get("portal/session") { request, _ in try await portal.session(request) }
        router.delete("portal/session") { request, _ in try await portal.end(request) }
        router.post("portal/session/link") { request, _ in try await portal.openByLink(request) }
        router.post("portal/session/link/tenant") { request, _ in try await portal.tenantOfLink(request) }
    }

    private func addTenants(to admin: RouterGroup<OperatorContext>) {
        let routes = TenantRoutes(parts: parts)
        let group = admin.group("tenants")
        group.get { request, _ in try await routes.list(request) }
        group.post { request, _ in try await routes.create(request) }
        group.get(":identifier") { try await routes.one($0, $1.parameters.get("identifier")) }
        group.patch(":identifier") { try await routes.patch($0, $1.parameters.get("identifier")) }
        group.delete(":identifier") { try await routes.delete($0, $1.parameters.get("identifier")) }
    }

    private static let isIngesters = Problem.notFound(
        "The API takes no events: post them to the ingester, which has the same path on a port of its own (8081).",
        code: "events_go_to_the_ingester")

    /// 503 while the database is away: nothing is half done.
    static func problem(of error: any Error) -> Problem? {
        guard let error = error as? PostgresError else { return nil }
        if error.meansUnavailable { return .unavailable() }
        return error.sqlState?.errorClass == "22" ? .badRequest("A value cannot be stored.", code: "bad_value") : nil
    }
}
