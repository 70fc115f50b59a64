import HTTPTypes
import TestSupport
import Testing

@testable import APIService

/// What tests of the portal have in common: links, and browsers with a cookie.
protocol PortalTesting {}

extension PortalTesting {
    /// The token of a new link.
    func link(_ api: TestAPI, _ body: String? = nil) async throws -> String {
        let answer = try await api.send(.post, "/company/portal-links", body)
        try #require(answer.status == 201, "\(answer.text)")
        #expect(answer.headers[.cacheControl] == "no-store")
        let url = try #require(try answer.string("url"))
        let parts = url.split(separator: "/portal#link=")
        return String(try #require(parts.count == 2 ? parts[1] : nil))
    }

    /// What becomes of a link in a browser, which may have a cookie already.
    func exchange(
        _ api: TestAPI, _ token: String, cookie: String? = nil, replaces: Bool = false
    ) async throws -> Answer {
        let headers: HTTPFields = cookie.map { [.cookie: $0] } ?? [:]
        return try await api.with { ($0.token, $0.tenant) = (nil, nil) }
            .send(.post, "/portal/session/link", #"{"token":"\#(token)","replaces":\#(replaces)}"#, headers: headers)
    }

    /// `name=value` of the cookie that an answer sets.
    func cookie(_ answer: Answer) throws -> String {
        let field = try #require(answer.headers[.setCookie])
        #expect(field.contains("; HttpOnly; SameSite=Strict") && field.contains("; Path=/;"))
        return String(try #require(field.split(separator: ";").first))
    }

    /// A browser with that cookie, and no token.
    func call(
        _ api: TestAPI, _ cookie: String, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        site: String? = "same-origin", tenant: String? = "acme"
    ) async throws -> Answer {
        var headers: HTTPFields = [.cookie: "other=1; " + cookie]
        if let site, let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = site }
        return try await api.with { ($0.token, $0.tenant) = (nil, tenant) }.send(method, path, body, headers: headers)
    }

    /// Waits until an answer has this status: what is known of a secret may be a second old.
    func comesTo(_ status: Int, _ ask: () async throws -> Answer) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if try await ask().status == status { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }
}
