import ArgumentParser

/// What `martlet up` can be told; a port of 0 is any that is free, and one that is not given stays as it was.
struct UpOptions: ParsableArguments {
    @OptionGroup var stack: DirectoryOption

    @Option(help: "Port of the API (8080).")
    var apiPort: Int?

    @Option(help: "Port of the ingester (8081).")
    var ingesterPort: Int?

    @Option(help: "Port of the delivery service's health and metrics (8082).")
    var deliveryPort: Int?

    @Option(help: "Port of the metrics service (8083).")
    var metricsPort: Int?

    @Option(help: "Port of the receiver (9000).")
    var receiverPort: Int?

    @Option(help: "Port of the private PostgreSQL (any that is free).")
    var postgresPort: Int?

    @Option(help: "Delivery workers.")
    var workers: Int = 1

    @Flag(inversion: .prefixedNo, help: "Create the tenant `demo` and send an order through.")
    var demo = true

    func validate() throws {
        for port in [apiPort, ingesterPort, deliveryPort, metricsPort, receiverPort, postgresPort].compactMap(\.self)
        where !(0...65535).contains(port) {
            throw ValidationError("a port is 0 to 65535")
        }
        guard (1...16).contains(workers) else { throw ValidationError("--workers is 1 to 16") }
    }

    func port(of service: StackService) -> Int? {
        switch service {
        case .api: apiPort
        case .ingester: ingesterPort
        case .delivery: deliveryPort
        case .metrics: metricsPort
        }
    }
}
