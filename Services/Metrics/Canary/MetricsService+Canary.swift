import HTTPTypes
import Hosting
import Hummingbird
import ServiceLifecycle

extension MetricsService {
    /// The canary, where it is switched on, with its receiver on the service's own port.
    static func canary(_ host: HostContext) throws -> [any Service] {
        guard let configuration = try CanaryConfiguration(host.settings) else { return [] }
        let canary = try Canary(configuration, in: host)
        host.router.post("canary") { request, _ in
            canary.heard(try await request.bytes(upTo: Canary.bodyLimit))
            return HTTPResponse.Status.ok
        }
        return [canary]
    }
}
