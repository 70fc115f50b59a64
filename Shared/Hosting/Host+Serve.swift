import Logging
import Prometheus
import ServiceLifecycle
import UnixSignals

extension Host {
    /// What ``run(_:)`` does, without touching the process around it unless `launch` says so.
    ///
    /// - Throws: ``SettingErrors``, or what a service threw.
    func serve(_ launch: Launch, _ compose: (HostContext) async throws -> [any Service]) async throws {
        var faults: [String] = []
        func reading<Value>(_ fallback: Value, _ read: () throws -> Value) -> Value {
            do { return try read() } catch {
                faults.append("\(error)")
                return fallback
            }
        }
        let settings = reading(Settings(environment: launch.environment)) {
            try Settings(arguments: launch.arguments, environment: launch.environment)
        }
        let http = reading(HTTPSettings()) { try HTTPSettings(settings, defaultPort: defaultPort) }
        let output = LogOutput(
            service: name, format: reading(.json) { try settings.choice("log.format", default: .usual) },
            level: reading(.info) { try settings.choice("log.level", default: .info) })
        let grace = reading(60) { try settings.int("shutdown.seconds", default: 60, in: 1...3600) }
        let metrics = MetricRegistry()
        launch.prepare(output, metrics)

        let context = HostContext(
            name: name, settings: settings, logger: Logger(label: name) { _ in output }, metrics: metrics)
        var services: [any Service] = []
        do { services = try await compose(context) } catch { faults.append("\(error)") }
        faults += settings.unknownFlags.map { "\(Self.flag($0)) is no setting of this service" }
        guard faults.isEmpty else { throw SettingErrors(faults: faults) }

        let logger = context.logger
        let application = context.application(http) { port in
            logger.info(
                "Listening", metadata: ["http.host": .string(http.host), "http.port": .stringConvertible(port)])
            launch.listening(port)
        }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0) } + [.init(service: application)],
            gracefulShutdownSignals: launch.signals, logger: Self.quieter(logger))
        configuration.maximumGracefulShutdownDuration = .seconds(grace)
        try await ServiceGroup(configuration: configuration).run()
        logger.info("Stopped")
    }

    /// `MARTLET_HTTP_PORT` → `--http-port`.
    private static func flag(_ name: String) -> String {
        "--" + name.replacing("MARTLET_", with: "").replacing("_", with: "-").lowercased()
    }

    /// The group tells each of its steps at debug; here that is a trace.
    private static func quieter(_ logger: Logger) -> Logger {
        var logger = logger
        if logger.logLevel == .debug { logger.logLevel = .info }
        return logger
    }
}
