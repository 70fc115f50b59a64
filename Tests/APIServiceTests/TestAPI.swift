import Hosting
import Hummingbird
import HummingbirdTesting
import JSON
import Tenancy
import Testing
import Webhooks

@testable import APIService

/// An answer of the API: its status, its headers and its JSON.
struct Answer {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSONValue { get throws { try JSONDocument(parsing: bytes).root } }

    /// The text of a member, by its path: `error.class`.
    func string(_ path: String) throws -> String? { try value(path)?.string }
    func value(_ path: String) throws -> JSONValue? {
        path.split(separator: ".").reduce(try json) { $0?.member(String($1)) }
    }
    /// `field code` of every fault of a 422, sorted.
    var faults: [String] {
        get throws {
            try
                (json.member("errors")?.elements.map { error in
                    "\(error.member("field")?.string ?? "?") \(error.member("code")?.string ?? "?")"
                } ?? []).sorted()
        }
    }
    /// Ids of a page.
    var ids: [String] {
        get throws { try json.member("data")?.elements.compactMap { $0.member("id")?.string } ?? [] }
    }
}

/// The real router over a real database, and one caller of it.
struct TestAPI: Sendable {
    static let secret = "a secret of the tests, of more than 32 bytes"

    let client: any TestClientProtocol
    /// What the router knows: `GET /company/webhooks/{}`.
    var routes: Set<String> = []
    var tenant: String? = "acme"
    var token: String? = try? TestAPI.token(tenants: ["*"])

    static func token(
        tenants: [String], permissions: [Permission] = Permission.allCases, lifetime: Duration = .seconds(600)
    ) throws -> String {
        try TokenIssuer(secret: secret).token(
            subject: "test", tenants: tenants, permissions: permissions, lifetime: lifetime)
    }

    func with(_ change: (inout TestAPI) throws -> Void) rethrows -> TestAPI {
        var copy = self
        try change(&copy)
        return copy
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, type: String? = "application/json",
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let tenant, !path.hasPrefix("/admin") { headers[.xTenantID] = tenant }
        if body != nil, let type { headers[.contentType] = type }
        let answer = try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
        #expect(answer.headers[.xRequestID] != nil)
        return Answer(
            status: answer.status.code, headers: answer.headers, bytes: Array(answer.body.readableBytesView))
    }

    /// A tenant by way of `/admin/tenants`.
    @discardableResult
    func makeTenant(_ identifier: String, settings: String = "{}") async throws -> Answer {
        let body = #"{"identifier":"\#(identifier)","name":"Tenant \#(identifier)","settings":\#(settings)}"#
        let answer = try await send(.post, "/admin/tenants", body)
        #expect(answer.status == 201, "\(answer.text)")
        return answer
    }

    /// A webhook with these members beside the least that is needed; the last of two equal names wins.
    func makeWebhook(_ members: String = "") async throws -> Answer {
        let answer = try await send(.post, "/company/webhooks", Self.body(members))
        #expect(answer.status == 201, "\(answer.text)")
        return answer
    }

    static func body(_ members: String) -> String {
        #"{"name":"w","url":"https://test.com/wh","events":["order-created"]"#
            + (members.isEmpty ? "}" : "," + members + "}")
    }
}

typealias Call = (method: HTTPRequest.Method, body: String?)
