import Hosting

/// Sends due deliveries; shares the shards with other workers of its kind.
@main struct DeliveryService {
    static let defaultPort = 8082

    static func main() async {
        await Host(name: "delivery", defaultPort: defaultPort).run { host in
            let configuration = try DeliveryConfiguration(host.settings)
            let worker = DeliveryWorker(configuration: configuration, meters: DeliveryMeters(), logger: host.logger)
            host.health.require("beat") { worker.isBeating }
            host.health.require("database") { worker.isReachable }
            return [worker]
        }
    }
}
