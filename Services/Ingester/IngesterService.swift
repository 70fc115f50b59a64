import Hosting

/// Takes events from producers and answers once they, and all deliveries that they owe, are committed.
@main
struct IngesterService {
    static func main() async {
        await Host(name: "ingester", defaultPort: 8081).run { host in try await Ingester.compose(host).services }
    }
}
