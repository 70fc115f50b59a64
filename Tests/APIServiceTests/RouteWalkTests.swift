import HTTPTypes
import TestSupport
import Testing
import Webhooks

@testable import APIService

/// Every path that the router knows, so that a new one is walked without being named here.
@Suite("Every path, with another tenant's token")
struct RouteWalkTests {
    /// A tenant with something of each kind, and all of its ids.
    private func ids(of api: TestAPI, _ database: TestDatabase) async throws -> [String] {
        let seed = try await History.seed(api, database)
        let key = try await api.send(.post, "/company/api-keys", #"{"name":"k","permissions":["events:read"]}"#)
        let replay = try await api.send(
            .post, "/company/webhooks/\(seed.webhook)/replay", #"{"since":"2025-01-01T00:00:00Z"}"#)
        let inspector = try await api.send(.post, "/company/inspectors")
        return [
            "\(seed.webhook)", "\(seed.event)", "\(seed.invocations[0])", "\(seed.pending)",
            try #require(try key.string("id")), try #require(try replay.string("id")),
            try #require(try inspector.string("id")),
        ]
    }

    @Test func nothingIsThereForOthers() async throws {
        try await withAPI { api, database in
            let ids = try await ids(of: api, database)
            try await api.makeTenant("other")
            let token = try TestAPI.token(tenants: ["other"])
            let other = api.with { ($0.tenant, $0.token) = ("other", token) }
            let intruder = api.with { $0.token = token }  // names the first tenant
            let routes = api.routes.filter { $0.path.hasPrefix("/company/") }
            #expect(routes.count > 20)
            for route in routes {
                let body: String? =
                    route.method == .get || route.method == .head || route.method == .delete ? nil : "{}"
                for id in ids {
                    let path = route.path.replacing(/:\w+|\{\w+\}/, with: id)
                    let refused = try await intruder.send(route.method, path, body)
                    #expect(refused.status == 403, "\(route.method) \(path)")
                    if path == route.path { break }
                    let missing = try await other.send(route.method, path, body)
                    #expect(missing.status == 404, "\(route.method) \(path): \(missing.text)")
                }
                guard route.method == .get, !route.path.contains(/:|\{/) else { continue }
                let list = try await other.send(.get, route.path)
                for id in ids { #expect(!list.text.contains(id), "\(route.path) shows \(id)") }
            }
            // And it is all still there.
            #expect(try await api.send(.get, "/company/webhooks/\(ids[0])").status == 200)
            #expect(try await api.send(.get, "/company/api-keys").ids == [ids[4]])
            #expect(try await database.count("deliveries") == 1)
        }
    }
}
