import Curl
import Hosting
import Postgres
import Webhooks

/// The settings of the API, beside those of every service and of ``Hosting``, and of tokens (``Tenancy``).
///
/// - `MARTLET_DATABASE_URL` (text, required): PostgreSQL, as the role `martlet_api`.
/// - `MARTLET_DATABASE_SESSIONS` (2–100; 8): sessions with it at most.
/// - `MARTLET_ENCRYPTION_KEYS` (`id:base64[,id:base64]` of 32 bytes each, required): the first seals, all open secrets.
/// - `MARTLET_EGRESS_ALLOW`, `MARTLET_EGRESS_DENY` (CIDR lists; none): which addresses a webhook's URL may name.
struct APIConfiguration: Sendable {
    let database: PostgresConfiguration
    let keys: EncryptionKeys
    let addresses: AddressPolicy

    /// - Throws: ``SettingError``.
    init(_ settings: Settings) throws(SettingError) {
        let sessions = try settings.int("database.sessions", default: 8, in: 2...100)
        database = try settings.required("database.url", expected: "a URL as postgres://user:password@host/database") {
            try PostgresConfiguration(url: $0, applicationName: "martlet-api", maximumSessions: sessions)
        }
        keys = try settings.required("encryption.keys", expected: "id:base64 of 32 bytes, several with commas between")
        {
            try EncryptionKeys(parsing: $0)
        }
        addresses = AddressPolicy(
            allow: try Self.ranges("egress.allow", settings), deny: try Self.ranges("egress.deny", settings))
    }

    private static func ranges(_ key: String, _ settings: Settings) throws(SettingError) -> [CIDR] {
        var ranges: [CIDR] = []
        for text in settings.list(key) {
            guard let range = CIDR(parsing: text) else {
                throw SettingError(name: key, expected: "address ranges as 10.0.0.0/8, with commas between")
            }
            ranges.append(range)
        }
        return ranges
    }
}
