public import Postgres
public import Webhooks

/// Keeps what came to an inspector, and of what came before the newest ``kept`` less one. After ``SetTenantContext``.
public struct InsertInspectedRequest: Statement {
    /// Requests of an inspector.
    public static let kept = 100

    public static let sql = """
        WITH old AS (
          DELETE FROM inspected_requests WHERE inspector_id = $1 AND id IN (  -- inspected_requests_pkey
            SELECT id FROM inspected_requests WHERE inspector_id = $1 ORDER BY id DESC OFFSET \(kept - 1)))
        INSERT INTO inspected_requests
          (inspector_id, id, tenant_id, body_size, method, target, verdict, verdict_detail, headers, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """

    public let request: InspectedRequest

    public init(_ request: InspectedRequest) { self.request = request }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(request.inspectorID)
        parameters.append(request.id)
        parameters.append(request.tenantID)
        parameters.append(Int32(clamping: request.bodySize))
        parameters.append(request.method.storable(limit: 64))
        parameters.append(request.target.storable(limit: 16_384))
        parameters.append(request.verdict.rawValue)
        parameters.append(request.verdictDetail)
        parameters.append(request.headers)
        parameters.append(request.body)
    }
}
