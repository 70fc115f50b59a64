/// Where the database is and how its sessions are used.
///
/// Its description shows no password, and neither do errors.
public struct PostgresConfiguration: Sendable {
    /// What each session sets at connect, unless told otherwise: plans that suit tables which fill up after they were
    /// made, and limits after which the server gives up.
    public static let standardSettings: [String: String] = [
        "search_path": "martlet",
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "5s",
        "plan_cache_mode": "force_generic_plan",
        "enable_seqscan": "off",
        "enable_bitmapscan": "off",
        "jit": "off",
    ]

    /// Sessions that a pool opens at most, those that are leased included; at least 1.
    public var maximumSessions = 8
    /// Callers that may wait for a session of the pool at one time; the next one fails with ``PostgresError/busy``.
    public var maximumWaiting = 10_000
    /// Single statements under way on one session at one time, at most.
    public var pipelineDepth = 64
    /// How long a caller waits for a session of the pool.
    public var waitLimit: Duration = .seconds(5)
    /// How long opening a session may take: name look-up, connect, TLS and log-in together.
    public var connectLimit: Duration = .seconds(5)
    /// A session that owes answers and gives none for this long, up to twice this long, is given up; nil for never.
    ///
    /// It is for servers that hang. Keep it above `statement_timeout`.
    public var answerLimit: Duration? = .seconds(15)
    /// The first and the longest pause after a session could not be opened; each failure doubles it.
    public var backoff: ClosedRange<Duration> = .milliseconds(50) ... .seconds(2)

    let parameters: ConnectionParameters

    /// - Parameters:
    ///   - url: `postgres://user:password@host:port/database?sslmode=…`, or libpq's other form, `host=… user=…`.
    ///     Its own `options` come after `sessionSettings` and win over them.
    ///   - applicationName: what `pg_stat_activity` shows; it wins over one in `url`.
    ///   - sessionSettings: server settings for each session, by name.
    /// - Throws: ``PostgresError/connection(_:)`` when libpq cannot read the URL.
    public init(
        url: String, applicationName: String, maximumSessions: Int = 8,
        sessionSettings: [String: String] = PostgresConfiguration.standardSettings
    ) throws(PostgresError) {
        var parameters = try ConnectionParameters(url: url)
        parameters.set("application_name", applicationName)
        parameters.set("client_encoding", "UTF8")
        parameters.addDefault("gssencmode", "disable")  // else libpq looks for a Kerberos ticket, which blocks
        parameters.addDefault("tcp_user_timeout", "5000")  // milliseconds
        parameters.addDefault("keepalives_idle", "10")
        parameters.addDefault("keepalives_interval", "5")
        parameters.addDefault("keepalives_count", "3")
        parameters.prependOptions(sessionSettings)
        self.parameters = parameters
        self.maximumSessions = max(1, maximumSessions)
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where it connects to and as whom.
    public var description: String { parameters.description }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["database": description]) }
}
