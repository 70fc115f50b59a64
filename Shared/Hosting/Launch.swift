import Foundation
import Glibc
import Logging
import Metrics
import NIOCore
import Prometheus
import UnixSignals

/// What a start takes from the process around it, and does to it; tests give their own.
struct Launch: Sendable {
    /// Without the program's name.
    var arguments: [String] = []
    var environment: [String: String] = [:]
    var signals: [UnixSignal] = []
    var prepare: @Sendable (LogOutput, MetricRegistry) -> Void = { _, _ in }
    var listening: @Sendable (_ port: Int) -> Void = { _ in }

    static var ofThisProcess: Launch {
        Launch(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
            signals: [.sigterm, .sigint],
            prepare: { output, metrics in
                LoggingSystem.bootstrap { _ in output }
                MetricsSystem.bootstrap(metrics)
                signal(SIGPIPE, SIG_IGN)
                raiseFileLimit()
            })
    }

    /// A server needs a descriptor a connection; the limit that it may raise itself is often 1 024.
    private static func raiseFileLimit() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }

    /// Says why, a line a fault, and ends the process.
    static func end(_ name: String, _ error: any Error) -> Never {
        let (lines, code) = obituary(error)
        for line in lines { LogOutput.standardError(Array("martlet-\(name): \(line)\n".utf8)) }
        exit(code)
    }

    /// What is said of an error, and the exit code.
    static func obituary(_ error: any Error) -> (lines: [String], code: Int32) {
        switch error {
        case let error as SettingErrors: (error.faults, 78)
        case is SocketAddressError.UnknownHost: ([foreignHost], 78)
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL: ([foreignHost], 78)
        case let error as IOError where error.errnoCode == EADDRINUSE:
            (["MARTLET_HTTP_PORT is in use by another process"], 1)
        default: (["stopped: \(error)"], 1)
        }
    }

    private static let foreignHost =
        "\(SettingError(name: "http.host", expected: "an address or name of this machine"))"
}
