import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Tenancy
import Webhooks

/// `/company/inspectors`: places that take any request and show it.
struct InspectorRoutes: Sendable {
    /// Of one tenant at a time.
    static let limit = 20

    let parts: APIParts

    static let notFound = Problem.notFound("There is no such inspector.")

    func list(_ request: Request, of tenant: Tenant) async throws -> Response {
        let page = try Page<Inspector>(try QueryParameters(request.uri), list: "inspectors/\(tenant.id)")
        let (_, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            ListInspectors(
                tenant: tenant.id, before: page.before, created: page.created ?? .always, limit: page.fetchLimit))
        let base = parts.publicURL.text(for: request)
        return page.response(rows, id: \.id) { writer, row in Self.write(row, base: base, to: &writer) }
    }

    func create(_ request: Request, of tenant: Tenant) async throws -> Response {
        let document = try await request.optionalDocument()
        let faults = Faults()
        if let document { _ = MemberReader(document.root, known: [], faults: faults) }
        guard faults.isEmpty else { throw faults.problem }
        let inspector = Inspector(tenantID: tenant.id, name: PortalSecret.name())
        let (_, _, made) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), LockTenant(id: tenant.id),
            CreateInspector(inspector, limit: Self.limit))
        guard !made.isEmpty else { throw Self.tooMany }
        var writer = JSONWriter()
        Self.write(inspector, base: parts.publicURL.text(for: request), to: &writer)
        return .json(writer.bytes, status: .created)
    }

    func delete(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        guard let id = id.flatMap(Inspector.ID.init) else { throw Self.notFound }
        let (_, deleted) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), DeleteInspector(id: id, tenant: tenant.id))
        guard !deleted.isEmpty else { throw Self.notFound }
        return .noContent()
    }

    /// - Parameter showsSecrets: whether the caller may read secrets: else what proves who sends is masked, as in the
    ///   history.
    func requests(
        _ request: Request, _ id: String?, of tenant: Tenant, showsSecrets: Bool
    ) async throws -> Response {
        guard let id = id.flatMap(Inspector.ID.init) else { throw Self.notFound }
        let page = try Page<InspectedRequest>(
            try QueryParameters(request.uri), list: "inspected/\(tenant.id)/\(id)")
        let (_, found, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindInspector(id: id, tenant: tenant.id),
            ListInspectedRequests(
                of: id, tenant: tenant.id, before: page.before, created: page.created ?? .always,
                limit: page.fetchLimit))
        guard !found.isEmpty else { throw Self.notFound }
        return page.response(rows, id: \.id) { writer, row in write(row, showsSecrets: showsSecrets, to: &writer) }
    }

    /// What the headers and the body of a request are sealed with.
    static func context(of request: InspectedRequest.ID) -> String { "inspected/\(request)" }

    private static func write(_ inspector: Inspector, base: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", inspector.id.description)
            writer.member("url", base + "/inspect/" + inspector.name)
            writer.member("createdAt", inspector.createdAt)
            writer.member("expiresAt", inspector.expiresAt)
        }
    }

    private func write(_ request: InspectedRequest, showsSecrets: Bool, to writer: inout JSONWriter) {
        // A key that is gone takes what it sealed with it: a request's life is shorter than any rotation.
        let context = Self.context(of: request.id)
        let headers = (try? parts.keys.open(request.headers, context: context)) ?? Array("[]".utf8)
        let body = (try? parts.keys.open(request.body, context: context)) ?? []
        writer.object { writer in
            writer.member("id", request.id.description)
            writer.member("receivedAt", Instant(milliseconds: request.id.ulid.milliseconds))
            writer.member("method", request.method)
            writer.member("path", request.target)
            writer.member("headers", raw: showsSecrets ? headers : Self.masked(headers))
            writer.member("body", InvocationRepresentation.text(of: body, isTruncated: false))
            writer.member("bodySize", request.bodySize)
            writer.member("isTruncated", body.count < request.bodySize)
            writer.name("signature")
            writer.object { writer in
                writer.member("verdict", request.verdict.rawValue)
                writer.member("detail", request.verdictDetail)
            }
        }
    }

    /// Words in the names of headers whose values prove who sends.
    private static let tellingWords = ["auth", "key", "secret", "token"]

    /// The same headers, those masked that prove who sends.
    private static func masked(_ headers: [UInt8]) -> [UInt8] {
        guard let root = try? JSONDocument(parsing: headers).root else { return Array("[]".utf8) }
        var writer = JSONWriter()
        writer.array { writer in
            for pair in root.elements {
                let texts = pair.elements.compactMap(\.string)
                guard texts.count == 2 else { continue }
                let isTelling = tellingWords.contains { texts[0].contains($0) }
                writer.array { writer in
                    writer.string(texts[0])
                    writer.string(isTelling ? SecretMask.text(of: texts[1]) : texts[1])
                }
            }
        }
        return writer.bytes
    }

    private static let tooMany = Problem.conflict(
        "A tenant has at most \(limit) inspectors at a time; delete one, or wait for its end.", code: "limit_reached")
}
