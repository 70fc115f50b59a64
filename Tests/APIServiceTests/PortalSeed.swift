import Store
import Tenancy
import TestSupport
import Webhooks

@testable import APIService

/// Something of each kind that the portal keeps, and what the API asks of it.
struct PortalSeed {
    let tenant: Tenant.ID
    let session: PortalSession
    let inspector: Inspector

    static func make(of tenant: Tenant.ID, _ database: TestDatabase) async throws -> PortalSeed {
        let seed = PortalSeed(
            tenant: tenant,
            session: PortalSession(tenantID: tenant, permissions: [], createdBy: nil, expiresAt: .distantFuture),
            inspector: Inspector(tenantID: tenant, name: PortalSecret.name()))
        try await database.transact(
            CreatePortalSession(seed.session, digest: PortalSecret().digest),
            CreateInspector(seed.inspector, limit: 9), InsertInspectedRequest(request(to: seed.inspector)))
        return seed
    }

    private static func request(to inspector: Inspector) -> InspectedRequest {
        InspectedRequest(
            inspectorID: inspector.id, tenantID: inspector.tenantID, method: "POST", target: "/", headers: [],
            body: [], bodySize: 0, verdict: .missing, verdictDetail: nil)
    }

    var cases: [StatementIsolationTests.Case] {
        let another = Inspector(tenantID: tenant, name: PortalSecret.name())
        return [
            .init(ListInspectors(tenant: tenant, limit: 9)), .init(FindInspector(id: inspector.id, tenant: tenant)),
            .init(ListInspectedRequests(of: inspector.id, tenant: tenant, limit: 9)),
            .init(CreateInspector(another, limit: 9)), .init(DeleteInspector(id: inspector.id, tenant: tenant)),
            .init(
                CreatePortalLink(
                    tenant: tenant, digest: PortalSecret().digest, createdBy: nil, permissions: [],
                    expiresAt: .distantFuture, apiKey: nil, limit: 9)),
        ]
    }

    /// Those that never give rows.
    static func silent(of tenant: Tenant.ID) -> [StatementIsolationTests.Case] {
        let session = PortalSession(tenantID: tenant, permissions: [], createdBy: nil, expiresAt: .distantFuture)
        return [
            .init(CreatePortalSession(session, digest: PortalSecret().digest)),
            .init(InsertInspectedRequest(request(to: Inspector(tenantID: tenant, name: PortalSecret.name())))),
        ]
    }
}
