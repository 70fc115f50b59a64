import Curl
import Webhooks

/// Makes tenants for a measurement, with a token that is good for every tenant and everything.
struct BenchTenants: Sendable {
    let token: String
    private let urls: StackURLs
    private let engine: HTTPEngine

    init(urls: StackURLs, secrets: StackSecrets, engine: HTTPEngine) async throws {
        self.urls = urls
        self.engine = engine
        let claims = AccessClaims(
            subject: "martlet-bench", tenants: ["*"], permissions: AccessClaims.permissions, issuedAt: .now,
            seconds: 24 * 3600)
        token = try await claims.signed(with: secrets.tokenSecret)
    }

    var admin: ServiceClient { ServiceClient(url: urls.api, token: token, engine: engine) }

    /// New ones, each with webhooks to the URLs that `urls` says for its number.
    func make(_ count: Int, more: String, urls: (Int) -> [String]) async throws -> [BenchTenant] {
        let mark = String(UInt32.random(in: .min ... .max), radix: 36)
        let tenants = (0..<count).map { number in
            let name = "bench-\(mark)-\(number)"
            return BenchTenant(
                identifier: name, api: ServiceClient(url: self.urls.api, token: token, tenant: name, engine: engine),
                ingester: ServiceClient(url: self.urls.ingester, token: token, tenant: name, engine: engine))
        }
        let wishes = (0..<count).map { [more] + urls($0) }
        let admin = [admin]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 8 { try await group.next() }
                group.addTask {
                    let body = #"{"identifier":"\#(tenants[number].identifier)","name":"Bench"}"#
                    _ = try await admin[0].require([201], "POST", "/admin/tenants", body: Array(body.utf8))
                    for url in wishes[number].dropFirst() {
                        try await tenants[number].subscribe(url, more: wishes[number][0])
                    }
                }
            }
            try await group.waitForAll()
        }
        return tenants
    }
}
