/// Where a stack is found. All without a path.
struct StackURLs {
    let api: String
    let ingester: String
    let metrics: String
    let receiver: String

    init(ports: StackPorts) {
        func url(_ name: String) -> String { "http://127.0.0.1:\(ports[name] ?? 0)" }
        api = url(StackService.api.rawValue)
        ingester = url(StackService.ingester.rawValue)
        metrics = url(StackService.metrics.rawValue)
        receiver = url(Stack.receiver)
    }

    var shown: [(label: String, url: String)] {
        [("API", api), ("ingester", ingester), ("metrics", metrics + "/metrics"), ("receiver", receiver)]
    }
}
