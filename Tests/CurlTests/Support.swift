import Curl
import Epoll
import Foundation
import TestSupport

extension HTTPEngine {
    private static let reactors = ReactorGroup(count: 2)

    /// An engine that may call loopback, on a thread shared by the tests.
    static func onLoopback(
        _ change: (inout HTTPEngineConfiguration) -> Void = { _ in }
    ) throws -> HTTPEngine {
        var configuration = HTTPEngineConfiguration()
        configuration.addresses = AddressPolicy(allow: ["127.0.0.0/8", "::1/128"])
        change(&configuration)
        return try HTTPEngine(on: reactors.next(), configuration: configuration)
    }
}

extension TransferOutcome {
    var response: HTTPResponse? { try? result.get() }

    var failure: TransferFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }
}

extension HTTPResponse {
    var bodyText: String { String(decoding: body, as: UTF8.self) }

    func value(of name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}

extension OutboundRequest {
    static func get(_ url: String, timeout: Duration = .seconds(20)) -> OutboundRequest {
        OutboundRequest(method: "GET", url: url, timeout: timeout, connectTimeout: .seconds(20))
    }
}
