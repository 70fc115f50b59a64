public import Postgres
public import Webhooks

/// Puts signature secrets that were sealed anew in the place of the old ones, unless somebody has replaced those
/// meanwhile. No tenant counts as changed. As the owner.
public struct ResealSignatureSecrets: Statement {
    public static let sql = """
        UPDATE tenants t SET signature_secret = n.new
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS n (id, old, new)
         WHERE t.id = n.id AND t.signature_secret = n.old                 -- tenants_pkey
        RETURNING t.id
        """

    public let secrets: [(old: FindSealedSignatureSecrets.Row, new: [UInt8])]

    public init(_ secrets: [(old: FindSealedSignatureSecrets.Row, new: [UInt8])]) { self.secrets = secrets }

    public var isOmitted: Bool { secrets.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(secrets.map(\.old.tenant))
        parameters.append(secrets.map(\.old.sealed))
        parameters.append(secrets.map(\.new))
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Tenant.ID { try row.column(0) }
}
