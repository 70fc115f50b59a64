import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// Where a service listens, and how much a client may ask of it.
///
/// - `MARTLET_HTTP_HOST` (text, `0.0.0.0`): the address; all of IPv4 unless set, as containers need it.
/// - `MARTLET_HTTP_PORT` (0–65535; the service's own): 0 takes any free one.
/// - `MARTLET_HTTP_IDLE_SECONDS` (1–3600; 75): a connection without a whole request head, or without the next part of
///   a body, for so long is closed.
public struct HTTPSettings: Sendable {
    /// All headers of a request together, and any one of them, in bytes.
    static let headerBytes = 32 * 1024
    static let headerCount = 100

    public var host: String
    public var port: Int
    public var idleSeconds: Int

    public init(host: String = "127.0.0.1", port: Int = 0, idleSeconds: Int = 75) {
        self.host = host
        self.port = port
        self.idleSeconds = idleSeconds
    }

    init(_ settings: Settings, defaultPort: Int) throws(SettingError) {
        host = settings.string("http.host") ?? "0.0.0.0"
        port = try settings.int("http.port", default: defaultPort, in: 0...65535)
        idleSeconds = try settings.int("http.idle.seconds", default: 75, in: 1...3600)
    }

    var builder: HTTPServerBuilder {
        .http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(Int64(idleSeconds)),
                httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
                    maxHeaderFieldSize: Self.headerBytes, maxHeaderListSize: Self.headerBytes,
                    maxHeaderFieldCount: Self.headerCount)))
    }

    func configuration(logger: Logger) -> ApplicationConfiguration {
        ApplicationConfiguration(
            address: .hostname(host, port: port), backlog: 1024,
            availableConnectionsDelegate: .maximum(Self.connections, logger: logger))
    }

    /// Connections at once: what the process may open, less what it needs itself.
    private static var connections: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        let files = Int(clamping: limit.rlim_cur)
        return min(max(files / 2, files - 1024, 16), 65_536)
    }
}
