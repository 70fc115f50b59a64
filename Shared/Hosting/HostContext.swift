public import Hummingbird
public import Logging
public import Prometheus

/// What a service is composed from: its settings, and the places that it enters itself into.
public struct HostContext {
    /// `ingester`.
    public let name: String
    public let settings: Settings
    public let logger: Logger
    /// What `/metrics` shows.
    public let metrics: MetricRegistry
    /// Routes of the one port; `/livez`, `/readyz`, `/metrics` are there.
    public let router: Router<HostRequestContext>
    /// What `/readyz` asks.
    public let health: Health
    /// Which errors are answered otherwise than 500.
    public let problems: ProblemTranslator
    let table = RouteTable()

    /// For tests, and for ``Host``.
    public init(
        name: String, settings: Settings = Settings(environment: [:]), logger: Logger,
        metrics: MetricRegistry = MetricRegistry()
    ) {
        self.name = name
        self.settings = settings
        self.logger = logger
        self.metrics = metrics
        health = Health()
        problems = ProblemTranslator()
        router = Router(context: HostRequestContext.self, options: .autoGenerateHeadEndpoints)
        // First: Hummingbird puts middleware around those routes only that come after it.
        router.add(
            middleware: RequestMiddleware(
                routes: table, problems: problems, measure: RequestMeasure(registry: metrics)))
        ServiceRoutes(health: health, metrics: metrics).add(to: router)
    }

    /// The HTTP server over the routes that are there now; tests call `test(.router)` or `test(.live)` on it.
    public func application(
        _ server: HTTPSettings = HTTPSettings(), onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) -> Application<RouterResponder<HostRequestContext>> {
        table.fill(from: router)
        return Application(
            router: router, server: server.builder, configuration: server.configuration(logger: logger),
            onServerRunning: { await onListening($0.localAddress?.port ?? server.port) }, logger: logger)
    }
}
