import Curl
import Epoll
import Foundation

/// A service as its callers see it: a URL, a token, a tenant.
struct ServiceClient: Sendable {
    /// Without a path, e.g. `http://127.0.0.1:8080`.
    let url: String
    var token: String?
    var tenant: String?
    let engine: HTTPEngine

    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
            do { return try JSONDecoder().decode(type, from: Data(body)) } catch {
                throw CommandFailure("the answer is not understood: \(text)")
            }
        }
    }

    /// - Throws: a failure with one line if there was no answer.
    func send(
        _ method: String, _ path: String, body: [UInt8]? = nil, contentType: String = "application/json",
        timeout: Duration = .seconds(10)
    ) async throws -> Answer {
        var headers: [(name: String, value: String)] = []
        if body != nil { headers.append(("content-type", contentType)) }
        if let token { headers.append(("authorization", "Bearer " + token)) }
        if let tenant { headers.append(("x-tenant-id", tenant)) }
        var request = OutboundRequest(
            method: method, url: url + path, headers: headers, body: body, timeout: timeout,
            connectTimeout: .seconds(2))
        request.keptBodyBytes = 8 << 20
        request.maximumBodyBytes = 8 << 20
        switch await engine.send(request).result {
        case .success(let response): return Answer(status: response.status, body: response.body)
        case .failure(let failure): throw CommandFailure("no answer from \(url): \(failure)")
        }
    }

    /// The same, and a failure that shows what the service said unless it answered with one of `expected`.
    func require(
        _ expected: [Int], _ method: String, _ path: String, body: [UInt8]? = nil,
        contentType: String = "application/json"
    ) async throws -> Answer {
        let answer = try await send(method, path, body: body, contentType: contentType)
        guard expected.contains(answer.status) else {
            throw CommandFailure("\(method) \(url)\(path) answered \(answer.status): \(answer.text)")
        }
        return answer
    }

    /// Whether it says that it and all that it needs are there.
    func isReady() async -> Bool {
        (try? await send("GET", "/readyz", timeout: .seconds(3)).status) == 200
    }
}
