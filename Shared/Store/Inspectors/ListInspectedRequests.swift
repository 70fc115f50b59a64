public import Postgres
public import Webhooks

/// What came to an inspector, newest first by id. After ``SetTenantContext``.
public struct ListInspectedRequests: Statement {
    public static let sql = """
        SELECT id, inspector_id, tenant_id, method, target, headers, body, body_size, verdict, verdict_detail
          FROM inspected_requests
         WHERE inspector_id = $1 AND id < $2 AND id BETWEEN $3 AND $4 AND tenant_id = $5  -- inspected_requests_pkey
         ORDER BY id DESC LIMIT $6
        """

    public let inspector: Inspector.ID
    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: InspectedRequest.ID?
    public let created: ClosedRange<Instant>
    /// Rows at most.
    public let limit: Int

    public init(
        of inspector: Inspector.ID, tenant: Tenant.ID, before: InspectedRequest.ID? = nil,
        created: ClosedRange<Instant> = .always, limit: Int
    ) {
        self.inspector = inspector
        self.tenant = tenant
        self.before = before
        self.created = created
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(inspector)
        parameters.append(before ?? .greatest)
        parameters.append(InspectedRequest.ID.first(of: created.lowerBound))
        parameters.append(InspectedRequest.ID.last(of: created.upperBound))
        parameters.append(tenant)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> InspectedRequest {
        let size: Int32 = try row.column(7)
        return InspectedRequest(
            id: try row.column(0), inspectorID: try row.column(1), tenantID: try row.column(2),
            method: try row.column(3), target: try row.column(4), headers: try row.column(5),
            body: try row.column(6), bodySize: Int(size),
            verdict: InspectedRequest.Verdict(rawValue: try row.column(8)) ?? .unknown,
            verdictDetail: try row.optional(9))
    }
}
