import HTTPTypes
import Hummingbird
import Synchronization

/// Tells an unknown path (404) from a path that has other methods (405), which Hummingbird's router does not.
final class RouteTable: Sendable {
    private struct Route { let path: RouterPath, method: HTTPRequest.Method }

    private let routes = Mutex<[Route]>([])

    init() {}

    /// Reads the routes; called once all of them are there.
    func fill(from router: Router<HostRequestContext>) {
        let known = router.routes.map { Route(path: $0.path, method: $0.method) }
        routes.withLock { $0 = known }
    }

    /// For a request that no route took.
    func problem(for request: Request) -> Problem {
        let methods = methods(of: request.uri.path)
        guard !methods.isEmpty else { return .notFound("There is nothing at this path.", code: "no_such_path") }
        let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
        return Problem(
            .methodNotAllowed, code: "method_not_allowed", detail: "This path takes \(allowed).",
            headers: [.allow: allowed])
    }

    /// A path as logs may show it: of one that begins as a route does which has a parameter whose name begins with
    /// `secret`, that route's pattern.
    func loggable(_ path: String) -> String {
        let parts = path.split(separator: "/")
        let secret = routes.withLock { $0 }.first { route in
            let elements = Array(route.path)
            return elements.contains { "\($0)".hasPrefix("{secret") } && elements.count <= parts.count
                && zip(elements, parts).allSatisfy { $0 ~= $1 }
        }
        return secret.map { "\($0.path)" } ?? path
    }

    private func methods(of path: String) -> Set<HTTPRequest.Method> {
        let parts = path.split(separator: "/")
        let matching = routes.withLock { $0 }.filter { Self.matches($0.path, parts) }
        // As for the router, a path that is written out hides those with a parameter in its place.
        let exact = matching.filter { "\($0.path)" == "/" + parts.joined(separator: "/") }
        var methods = Set((exact.isEmpty ? matching : exact).map(\.method))
        if methods.contains(.get) { methods.insert(.head) }
        return methods
    }

    private static func matches(_ path: RouterPath, _ parts: [Substring]) -> Bool {
        let elements = Array(path)
        if elements.last == .recursiveWildcard {
            return parts.count >= elements.count && zip(elements, parts).allSatisfy { $0 ~= $1 }
        }
        return elements.count == parts.count && zip(elements, parts).allSatisfy { $0 ~= $1 }
    }
}
