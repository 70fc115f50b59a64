import Foundation
import Testing
import Webhooks

@testable import CommandLineTool

/// Somebody who talks to a stack: a tenant to the API, a producer to the ingester.
struct Caller: Sendable {
    let api: ServiceClient
    let ingester: ServiceClient
    let tenant: String

    /// A new tenant of the stack, with a token for everything.
    static func newTenant(of stack: RunningStack) async throws -> Caller {
        let tenant = "t-" + UUID().uuidString.lowercased()
        let admin = try await admin(of: stack)
        let body = Array(#"{"identifier":"\#(tenant)","name":"End to end"}"#.utf8)
        _ = try await admin.require([201], "POST", "/admin/tenants", body: body)
        return try await Caller.of(tenant, in: stack)
    }

    /// Several new tenants, each with a webhook to `url` if there is one; `more` is further JSON members of it.
    static func newTenants(
        _ count: Int, of stack: RunningStack, receiving url: String? = nil, more: String = ""
    ) async throws -> [Caller] {
        var callers: [Caller] = []
        for _ in 0..<count {
            let caller = try await newTenant(of: stack)
            if let url { _ = try await caller.makeWebhook(to: url, more: more) }
            callers.append(caller)
        }
        return callers
    }

    /// The same tenant, at other services.
    func at(api: String, ingester: String) -> Caller {
        func client(_ client: ServiceClient, _ url: String) -> ServiceClient {
            ServiceClient(url: url, token: client.token, tenant: client.tenant, engine: client.engine)
        }
        return Caller(api: client(self.api, api), ingester: client(self.ingester, ingester), tenant: tenant)
    }

    /// The operator.
    static func admin(of stack: RunningStack) async throws -> ServiceClient {
        try await client(of: stack, "MARTLET_API_URL", tenants: [], permissions: ["tenants:admin"])
    }

    static func of(_ tenant: String, in stack: RunningStack) async throws -> Caller {
        let all = AccessClaims.permissions.filter { $0 != "tenants:admin" }
        var api = try await client(of: stack, "MARTLET_API_URL", tenants: [tenant], permissions: all)
        var ingester = try await client(of: stack, "MARTLET_INGEST_URL", tenants: [tenant], permissions: all)
        api.tenant = tenant
        ingester.tenant = tenant
        return Caller(api: api, ingester: ingester, tenant: tenant)
    }

    private static func client(
        of stack: RunningStack, _ url: String, tenants: [String], permissions: [String]
    ) async throws -> ServiceClient {
        let settings = stack.settings
        let claims = AccessClaims(
            subject: "end-to-end", tenants: tenants, permissions: permissions, issuedAt: .now, seconds: 3600)
        return ServiceClient(
            url: try #require(settings.values[url]),
            token: try await claims.signed(with: #require(settings.values["MARTLET_JWT_SECRET"])),
            engine: try .forCommands())
    }

    struct Made: Decodable {
        let id: String
        let secret: String
    }

    /// A webhook for every event, to `url`; `more` is further JSON members.
    func makeWebhook(to url: String, events: String = "order-created", more: String = "") async throws -> Made {
        let body = #"{"name":"end to end","url":"\#(url)","events":["\#(events)"]\#(more.isEmpty ? "" : "," + more)}"#
        return try await api.require([201], "POST", "/company/webhooks", body: Array(body.utf8)).decoded()
    }

    struct Accepted: Decodable {
        let id: String
        let duplicate: Bool
        let deliveries: Int
    }

    /// A small order; nil if the ingester was not able to take it.
    func post(order number: Int) async throws -> Accepted? {
        let body = Array(#"{"type":"order-created","data":{"id":"order-\#(number)","total":10.1125}}"#.utf8)
        guard let answer = try? await ingester.send("POST", "/company/events", body: body), answer.status == 202 else {
            return nil
        }
        return try answer.decoded()
    }
}
