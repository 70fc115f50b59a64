import Curl
import Epoll

/// Asks an identity provider for its key set.
///
/// The operator names this address, not a tenant: neither the guard against inner addresses nor the egress proxy, which
/// are there for what tenants name, stands before it. Redirects are not followed.
struct KeySetRequest: Sendable {
    /// A key set is some kilobytes.
    private static let limit = 256 * 1024

    private let engine: HTTPEngine
    private let url: String

    /// - Throws: where the authorities' file cannot be read.
    init(url: String, certificateAuthorities: String?) throws(HTTPEngineConfiguration.Fault) {
        var configuration = HTTPEngineConfiguration()
        configuration.addresses = AddressPolicy(allow: ["0.0.0.0/0", "::/0"])
        configuration.certificateAuthorities = certificateAuthorities
        configuration.idleConnections = 1
        engine = try HTTPEngine(on: Reactor(), configuration: configuration)
        self.url = url
    }

    func callAsFunction() async -> (json: [UInt8]?, fault: String) {
        var request = OutboundRequest(
            method: "GET", url: url, headers: [("accept", "application/jwk-set+json, application/json")])
        (request.timeout, request.connectTimeout) = (.seconds(5), .seconds(3))
        (request.keptBodyBytes, request.maximumBodyBytes) = (Self.limit, Self.limit)
        switch await engine.send(request).result {
        case .success(let answer) where answer.status == 200: return (answer.body, "")
        case .success(let answer): return (nil, "the provider answered \(answer.status)")
        case .failure(let failure): return (nil, failure.explanation)
        }
    }
}
