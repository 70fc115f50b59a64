import Curl
import Dressing
import Glibc
import Hosting
import Postgres
import Store
import Webhooks

/// The settings of the delivery service, read once at its start.
///
/// - `MARTLET_DATABASE_URL` (text, required): as role `martlet_delivery`.
/// - `MARTLET_ENCRYPTION_KEYS` (`id:base64[,id:base64]`, required): opens the webhooks' secrets.
/// - `MARTLET_WORKER_NAME` (text, host name and HTTP port): two workers never share one; a restarted process has the
///   name
///   of the one before it, and takes its shards over at once.
/// - `MARTLET_DELIVERY_SLOTS` (1–100000; 1024): requests under way at most.
/// - `MARTLET_DELIVERY_ORIGIN_CONCURRENCY` (1–100000; 256): of these to one scheme, host and port at most.
/// - `MARTLET_SIGNATURE_TTL_SECONDS` (30–86400; 300): how long receivers may take signatures that end by themselves, as
///   in dialect `crystallize`. No request takes longer than 30 s.
/// - `MARTLET_RETENTION_DAYS` (1–3650; 30): deliveries of older events are settled as expired. The metrics service
///   needs the same.
/// - `MARTLET_EGRESS_ALLOW`, `MARTLET_EGRESS_DENY` (CIDR lists): addresses to call although, or not to call because.
/// - `MARTLET_EGRESS_PORTS` (list of ports, all), `MARTLET_EGRESS_PROXY` (URL, none), `MARTLET_CA_FILE` (path, the
///   system's).
struct DeliveryConfiguration: Sendable {
    let databaseURL: String
    let keys: EncryptionKeys
    let workerName: String
    let slots: Int
    let originLimit: Int
    let egress: HTTPEngineConfiguration
    var signatureLifetime = CrystallizeSignature.usualLifetime
    /// How long events stay.
    var retention = Duration.seconds(30 * 86_400)
    /// How long a peer's beat may stand still; no setting, tests lengthen it.
    var patience = LeaseTable.patience
    /// This machine's clock; no setting, tests put it wrong.
    var machineTime: @Sendable () -> Instant = { .now }

    init(_ settings: Settings) throws {
        databaseURL = try settings.required("database.url", expected: "a PostgreSQL URL") { text in
            _ = try PostgresConfiguration(url: text, applicationName: "martlet-delivery")
            return text
        }
        keys = try settings.required("encryption.keys", expected: "id:base64[,id:base64], each of 32 bytes") {
            try EncryptionKeys(parsing: $0)
        }
        let port = try settings.int("http.port", default: DeliveryService.defaultPort, in: 0...65535)
        workerName = settings.string("worker.name") ?? "\(Self.hostName):\(port)"
        slots = try settings.int("delivery.slots", default: 1024, in: 1...100_000)
        originLimit = try settings.int("delivery.origin.concurrency", default: 256, in: 1...100_000)
        egress = try HTTPEngineConfiguration(settings)
        signatureLifetime = .seconds(try settings.int("signature.ttl.seconds", default: 300, in: 30...86400))
        retention = .seconds(86_400 * (try settings.int("retention.days", default: 30, in: 1...3650)))
    }

    /// For tests: what `init(_:)` would read.
    init(
        databaseURL: String, keys: EncryptionKeys, workerName: String, slots: Int, originLimit: Int = 256,
        egress: HTTPEngineConfiguration
    ) {
        self.databaseURL = databaseURL
        self.keys = keys
        self.workerName = workerName
        self.slots = slots
        self.originLimit = originLimit
        self.egress = egress
    }

    /// Sessions named after the worker: a peer that fences it ends them by that name.
    func sessions(of worker: Worker.ID, atMost count: Int) throws(PostgresError) -> PostgresConfiguration {
        try PostgresConfiguration(
            url: databaseURL, applicationName: Worker.applicationName(of: worker), maximumSessions: count)
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
