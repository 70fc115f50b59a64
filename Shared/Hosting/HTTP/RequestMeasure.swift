import HTTPTypes
import Prometheus
import Synchronization

/// `martlet_http_request_duration_seconds` by route, method and status.
final class RequestMeasure: Sendable {
    private struct Key: Hashable { let route: String, method: String, status: Int }

    private let registry: MetricRegistry
    private let histograms = Mutex<[Key: Histogram]>([:])

    init(registry: MetricRegistry) { self.registry = registry }

    /// - Parameter route: the pattern, never the path; nil for a request that no route took.
    func observe(_ method: HTTPRequest.Method, route: String?, _ status: Int, _ duration: Duration) {
        // A stranger chooses the method's text; only those that routes know become labels.
        let known: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete]
        let key = Key(
            route: route ?? "NotFound", method: known.contains(method) ? method.rawValue : "other", status: status)
        let histogram = histograms.withLock { histograms in
            if let histogram = histograms[key] { return histogram }
            let made = registry.histogram(
                "martlet_http_request_duration_seconds", help: "From a request's head to its answer's.",
                labels: ["route": key.route, "method": key.method, "status": "\(status)"])
            histograms[key] = made
            return made
        }
        histogram.observe(duration)
    }
}
