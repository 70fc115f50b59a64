import Curl
import Hosting
import Postgres
import Webhooks

/// The settings of the API, beside those of every service and of ``Hosting``, and of tokens (``Tenancy``).
///
/// - `MARTLET_DATABASE_URL` (text, required): PostgreSQL, as the role `martlet_api`.
/// - `MARTLET_DATABASE_SESSIONS` (2–100; 8): sessions with it at most.
/// - `MARTLET_ENCRYPTION_KEYS` (`id:base64[,id:base64]` of 32 bytes each, required): the first seals, all open secrets.
/// - `MARTLET_EGRESS_PORTS` (ports and ranges of them; all), `MARTLET_EGRESS_PROXY` (`http://…`; none),
///   `MARTLET_CA_FILE` (PEM file; the system's): how test sends go out, as deliveries do.
/// - `MARTLET_EGRESS_ADDRESSES` (CIDR list; none): where requests to receivers come from, as tenants are told.
/// - `MARTLET_PUBLIC_URL` (`https://…` without a path; as requests are addressed): where links to the portal and
///   inspectors lead to.
/// - `MARTLET_EGRESS_ALLOW`, `MARTLET_EGRESS_DENY` (CIDR lists; none): which addresses a webhook's URL may name.
/// - `MARTLET_SIGNATURE_TTL_SECONDS` (30–86400; 300): how long receivers may take a test send's signature, where it
///   ends by itself, as in dialect `crystallize`. No request takes longer than 30 s.
struct APIConfiguration: Sendable {
    let database: PostgresConfiguration
    let keys: EncryptionKeys
    let egress: HTTPEngineConfiguration
    /// Where requests come from.
    let egressAddresses: [CIDR]
    let signatureLifetime: Duration
    /// Where the API is found from outside.
    let publicURL: PublicURL

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
        var egress = HTTPEngineConfiguration()
        egress.addresses = AddressPolicy(
            allow: try Self.ranges("egress.allow", settings), deny: try Self.ranges("egress.deny", settings))
        egress.ports =
            try settings.value("egress.ports", expected: "ports and ranges of them: 443,8000-8099") {
                PortList(parsing: $0)
            } ?? .all
        egress.proxy = settings.string("egress.proxy")
        egress.certificateAuthorities = settings.string("ca.file")
        self.egress = egress
        egressAddresses = try Self.ranges("egress.addresses", settings)
        signatureLifetime = .seconds(try settings.int("signature.ttl.seconds", default: 300, in: 30...86400))
        let expected = "a URL as https://hooks.example.com, without a path"
        publicURL = PublicURL(
            configured: try settings.value("public.url", expected: expected) { PublicURL.parsed($0) })
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
