public import ServiceLifecycle

/// One call that turns a list of services into a process: settings, logs, health, metrics, HTTP, graceful shutdown.
///
/// ```swift
/// @main struct IngesterService {
///     static func main() async { await Host(name: "ingester", defaultPort: 8081).run { try compose($0) } }
/// }
/// ```
///
/// Settings of every service: those of ``HTTPSettings``, and
/// - `MARTLET_LOG_LEVEL` (`trace` … `critical`; `info`), `MARTLET_LOG_FORMAT` (`json`|`text`; `json`, at a
///   terminal `text`),
/// - `MARTLET_SHUTDOWN_SECONDS` (1–3600; 60): after SIGTERM or SIGINT, how long work may take to end by itself.
///
/// Exit codes: 0 after a shutdown that was asked for; 78 for settings, each fault one line on stderr, before anything
/// listens; 1 for a port in use, and for a service that ended or failed on its own.
public struct Host: Sendable {
    let name: String
    let defaultPort: Int

    /// - Parameter name: as logs show it: `ingester`.
    public init(name: String, defaultPort: Int) {
        self.name = name
        self.defaultPort = defaultPort
    }

    /// Runs the services until SIGTERM or SIGINT, then ends them in order: the HTTP server stops accepting and answers
    /// what it has, then each service in the reverse order of the list. Does not return after a failure: it exits.
    ///
    /// - Parameter compose: reads settings and makes the services; it starts nothing. What it throws counts as a fault
    ///   in the settings. A database that is away is none: the services wait for it.
    public func run(_ compose: (HostContext) async throws -> [any Service]) async {
        do {
            try await serve(Launch.ofThisProcess, compose)
        } catch {
            Launch.end(name, error)
        }
    }
}
