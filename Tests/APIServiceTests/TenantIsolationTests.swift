import HTTPTypes
import JSON
import Store
import Tenancy
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Whose data it is")
struct TenantIsolationTests {
    @Test("Another tenant's id, an unknown one and a malformed one have the same answer on every path")
    func walk() async throws {
        try await withAPI { api, database in
            try await api.makeTenant("other")
            let seed = try await History.seed(api, database)
            let made = try await api.send(.post, "/company/api-keys", #"{"name":"k","permissions":["events:read"]}"#)
            let key = try #require(try made.string("id"))
            let inspector = try #require(try await api.send(.post, "/company/inspectors").string("id"))
            let other = api.with { $0.tenant = "other" }
            let unknown = ULID(milliseconds: 1_700_000_000_000, random: 1)
            let walks: [(path: String, ids: [String], calls: [Call])] = [
                (
                    "/company/webhooks/%", ["\(seed.webhook)", "wbh_\(unknown)", "wbh_x", "evt_\(unknown)", "%20"],
                    [(.get, nil), (.put, TestAPI.body("")), (.patch, "{}"), (.delete, nil)]
                ),
                ("/company/webhooks/%/secret", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.get, nil)]),
                (
                    "/company/webhooks/%/secret/rotate", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.post, nil)]
                ),
                ("/company/webhooks/%/test", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.post, nil)]),
                ("/company/webhooks/%/changes", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.get, nil)]),
                ("/company/webhooks/%/metrics", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.get, nil)]),
                ("/company/webhooks/%/invocations", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.get, nil)]),
                ("/company/invocations/%", ["\(seed.invocations[0])", "inv_\(unknown)", "x"], [(.get, nil)]),
                ("/company/invocations/%/retry", ["\(seed.invocations[0])", "inv_\(unknown)", "x"], [(.post, nil)]),
                (
                    "/company/webhooks/%/replay", ["\(seed.webhook)", "wbh_\(unknown)", "x"],
                    [(.post, #"{"since":"2025-01-01T00:00:00Z"}"#)]
                ),
                ("/company/replays/%", ["rpl_\(unknown)", "x"], [(.get, nil)]),
                ("/company/events/%", ["\(seed.event)", "evt_\(unknown)", "x"], [(.get, nil)]),
                ("/company/events/%/deliveries", ["\(seed.event)", "evt_\(unknown)", "x"], [(.get, nil)]),
                ("/company/api-keys/%", ["\(key)", "key_\(unknown)", "x"], [(.delete, nil)]),
                ("/company/webhooks/%/invocations/stream", ["\(seed.webhook)", "wbh_\(unknown)", "x"], [(.get, nil)]),
                ("/company/inspectors/%", ["\(inspector)", "ins_\(unknown)", "x"], [(.delete, nil)]),
                ("/company/inspectors/%/requests", ["\(inspector)", "ins_\(unknown)", "x"], [(.get, nil)]),
                ("/company/deliveries/%", ["\(seed.pending)", "dlv_\(unknown)", "x"], [(.delete, nil)]),
            ]
            for (path, ids, calls) in walks {
                for call in calls {
                    var bodies: Set<String> = []
                    for id in ids {
                        let place = path.replacing("%", with: id)
                        let answer = try await other.send(call.method, place, call.body)
                        #expect(answer.status == 404, "\(call.method) \(place)")
                        bodies.insert(answer.text.replacing(/"requestId":"[^"]*"/, with: ""))
                    }
                    #expect(bodies.count == 1, "\(call.method) \(path)")
                }
            }
            for list in ["webhooks", "events", "deliveries", "api-keys", "inspectors"] {
                #expect(try await other.send(.get, "/company/\(list)").ids.isEmpty)
                #expect(try await !api.send(.get, "/company/\(list)").ids.isEmpty)
            }
            // Nothing of it has touched what is there.
            #expect(try await api.send(.get, "/company/webhooks/\(seed.webhook)").status == 200)
            #expect(try await database.count("deliveries") == 1)
        }
    }

    private static let tokensTable: [([String]?, [Permission], String?, Int)] = [
        (nil as [String]?, Permission.allCases, "acme" as String?, 401),
        (["other"], Permission.allCases, "acme", 403),
        (["acme"], Permission.allCases, nil, 400), (["acme"], Permission.allCases, "ACME", 403),
        (["*"], Permission.allCases, "nobody", 403), (["acme"], [.webhooksRead], "acme", 200),
        (["acme"], [.webhooksWrite], "acme", 403), (["acme"], [], "acme", 403),
    ]

    @Test("Without the right token nothing is answered")
    func tokens() async throws {
        try await withAPI { api, _ in
            for (tenants, permissions, tenant, status) in Self.tokensTable {
                let caller = try api.with {
                    $0.token = try tenants.map { try TestAPI.token(tenants: $0, permissions: permissions) }
                    $0.tenant = tenant
                }
                let answer = try await caller.send(.get, "/company/webhooks")
                #expect(answer.status == status, "\(tenants ?? []) \(permissions) \(tenant ?? "")")
                if status == 401 { #expect(answer.headers[.wwwAuthenticate] == "Bearer") }
            }
        }
    }

    private static let permissionsTable: [(HTTPRequest.Method, String, Permission)] = [
        (.get, "/company/webhooks", .webhooksRead), (.post, "/company/webhooks", .webhooksWrite),
        (.get, "/company/webhooks/x", .webhooksRead), (.delete, "/company/webhooks/x", .webhooksWrite),
        (.get, "/company/webhooks/x/secret", .webhooksWrite),
        (.post, "/company/webhooks/x/secret/rotate", .webhooksWrite),
        (.get, "/company/signature-secret", .webhooksWrite),
        (.post, "/company/signature-secret/rotate", .webhooksWrite),
        (.post, "/company/webhooks/x/test", .webhooksWrite), (.post, "/company/webhooks/test", .webhooksWrite),
        (.post, "/company/webhooks/preview", .webhooksWrite), (.get, "/company/webhooks/metrics", .metricsRead),
        (.get, "/company/webhooks/x/changes", .webhooksRead), (.get, "/company/event-types", .webhooksRead),
        (.get, "/company/event-types/x", .webhooksRead), (.post, "/company/event-types", .webhooksWrite),
        (.delete, "/company/event-types/x", .webhooksWrite), (.get, "/company/egress", .webhooksRead),
        (.get, "/company/metrics", .metricsRead), (.get, "/company/webhooks/x/metrics", .metricsRead),
        (.get, "/company/api-keys", .webhooksWrite), (.post, "/company/api-keys", .webhooksWrite),
        (.delete, "/company/api-keys/x", .webhooksWrite),
        (.get, "/company/webhooks/x/invocations", .deliveriesRead),
        (.get, "/company/invocations/x", .deliveriesRead), (.get, "/company/deliveries", .deliveriesRead),
        (.delete, "/company/deliveries/x", .deliveriesWrite), (.get, "/company/events", .eventsRead),
        (.post, "/company/invocations/x/retry", .deliveriesWrite),
        (.post, "/company/webhooks/x/replay", .deliveriesWrite), (.get, "/company/replays/x", .deliveriesRead),
        (.get, "/company/events/x/deliveries", .eventsRead), (.get, "/company/inspectors", .webhooksRead),
        (.post, "/company/inspectors", .webhooksWrite), (.delete, "/company/inspectors/x", .webhooksWrite),
        (.get, "/company/inspectors/x/requests", .webhooksRead),
        (.get, "/company/webhooks/x/invocations/stream", .deliveriesRead), (.get, "/admin/tenants", .tenantsAdmin),
    ]

    @Test("Each path asks for its permission")
    func permissions() async throws {
        try await withAPI { api, _ in
            for (method, path, needed) in Self.permissionsTable {
                func status(_ permissions: [Permission]) async throws -> Int {
                    let token = try TestAPI.token(tenants: ["acme"], permissions: permissions)
                    let caller = api.with { $0.token = token }
                    let answer = try await caller.send(method, path, method == .post ? "{}" : nil)
                    if answer.status == 403 { #expect(answer.text.contains(needed.rawValue)) }
                    return answer.status
                }
                let without = try await status(Permission.allCases.filter { $0 != needed })
                #expect(without == 403, "\(method) \(path)")
                let with = try await status([needed])
                #expect(with != 403, "\(method) \(path)")
            }
        }
    }

    @Test("Events are not taken here, and the answer says where")
    func ingester() async throws {
        try await withAPI { api, _ in
            let answer = try await api.send(.post, "/company/events", #"{"type":"order-created","data":{}}"#)
            #expect(answer.status == 404)
            #expect(try answer.string("detail")?.contains("ingester") == true)
        }
    }
}
