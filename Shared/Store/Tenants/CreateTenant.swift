public import Postgres
public import Webhooks

/// Adds a tenant. No row: the identifier is taken, perhaps by a tenant that was deleted.
public struct CreateTenant: Statement {
    public static let sql = """
        INSERT INTO tenants (id, identifier, name, shard, settings, signature_secret)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (identifier) DO NOTHING                               -- tenants_identifier_key
        RETURNING id, identifier, name, shard, settings, created_at, updated_at, webhooks_version
        """

    public let id: Tenant.ID
    public let identifier: String
    public let name: String
    public let shard: Shard
    public let settings: TenantSettings
    /// Sealed with the id's text as context.
    public let signatureSecret: [UInt8]

    public init(
        id: Tenant.ID = Tenant.ID(), identifier: String, name: String, shard: Shard = .draw(),
        settings: TenantSettings = TenantSettings(), signatureSecret: [UInt8]
    ) {
        self.id = id
        self.identifier = identifier
        self.name = name
        self.shard = shard
        self.settings = settings
        self.signatureSecret = signatureSecret
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(id)
        parameters.append(identifier)
        parameters.append(name)
        parameters.append(shard)
        parameters.append(PostgresJSON(encoding: settings))
        parameters.append(signatureSecret)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> TenantRecord {
        try TenantRecord(row)
    }
}
