import JSON
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// Webhooks whose body is a query's result.
@Suite struct QueryDeliveryTests {
    private static let get = "query ($id: ID!) { order { get(id: $id) { id total { gross net } cart { sku } note } } }"
    private static let order = """
        {"id":"o1","cart":[{"sku":"4958411"},{"sku":"b"}],"total":{"net":36.09,"gross":45.1125},"name":"Bård","n":35}
        """
    private static let result = """
        {"order":{"get":{"id":"o1","total":{"gross":45.1125,"net":36.09},"cart":[{"sku":"4958411"},{"sku":"b"}],\
        "note":null}}}
        """

    @Test func theResultIsTheBody() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.payloadQuery = Self.get }
            let plain = try await stage.webhook(receiver.url("/plain"))
            try await stage.withWorker {
                try await stage.accept(Self.order, of: "order", "o1", for: [webhook, plain])
                let requests = try await receiver.waitForRequests(2)
                let bodies = Dictionary(uniqueKeysWithValues: requests.map { ($0.target, $0.bodyText) })
                #expect(bodies["/"] == Self.result)
                #expect(bodies["/plain"]?.contains(#""data":{"id":"o1""#) == true)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(
                    try await stage.recorded(webhook) == [
                        .init(attempt: 1, outcome: .succeeded, errorClass: nil, isFinal: true, status: 200)
                    ])
            }
        }
    }

    @Test func theDefaultPayloadCanBeKept() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.payloadQuery = "query ($id: ID!) { order { get(id: $id) { n } } }"
                $0.preserveDefaultPayload = true
            }
            try await stage.withWorker {
                try await stage.accept(Self.order, of: "order", "o1", for: [webhook])
                let request = try await receiver.waitForRequests(1)[0]
                let body = try JSONDocument(parsing: request.body).root
                #expect(body.member("order")?.member("get")?.member("n")?.integer == 35)
                #expect(body.member("type")?.string == "order-created")
                #expect(body.member("data")?.member("id")?.string == "o1")
            }
        }
    }

    /// One query, one request: what was said of several resources of this tenant, and of no other's.
    @Test func resourcesAreJoined() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.payloadQuery = """
                    query ($id: ID!) {
                      order { get(id: $id) { name } mine: get(id: "theirs") }
                      customer { get(identifier: "c1") { email } }
                      item { get(id: "i1") }
                      topicMap { get(id: 7) { path } }
                      product { get(id: "none") { sku } }
                    }
                    """
            }
            let other = Tenant.ID()
            _ = try await stage.pool.execute(
                CreateTenant(id: other, identifier: "other", name: "Other", shard: stage.shard, signatureSecret: []))
            try await stage.accept(#"{"id":"theirs"}"#, of: "order", "theirs", for: [], tenant: other)
            try await stage.accept(#"{"email":"old@x"}"#, of: "customer", "c1", for: [])
            try await stage.accept(#"{"email":"new@x"}"#, of: "customer", "c1", for: [])
            try await stage.accept(#"{"kind":"product"}"#, of: "product", "i1", for: [])
            try await stage.accept(#"{"kind":"document"}"#, of: "document", "i1", for: [])
            try await stage.accept(#"{"path":"/a"}"#, of: "topic-map", "7", for: [])
            try await stage.withWorker {
                try await stage.accept(Self.order, of: "order", "o1", for: [webhook])
                let request = try await receiver.waitForRequests(1)[0]
                #expect(
                    request.bodyText == """
                        {"order":{"get":{"name":"Bård"},"mine":null},"customer":{"get":{"email":"new@x"}},\
                        "item":{"get":{"kind":"document"}},"topicMap":{"get":{"path":"/a"}},"product":{"get":null}}
                        """)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.count == 1)
            }
        }
    }

    /// A member's value is looked for as a resource's id: found, it was the same.
    @Test("Members of the default payload are variables", arguments: [Dialect.standard, .shopery])
    func variables(dialect: Dialect) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let members = ["id", "tenantId", "webhookId", "type", "name", "n"]
            let head = members.map { "$\($0): ID!" }.joined(separator: " ") + " $paid: Boolean! $none: Int $d: Int = 5"
            let gets = members.map { "\($0): get(id: $\($0)) { tag }" } + ["none: get(id: $none)", "d: get(id: $d)"]
            let webhook = try await stage.webhook(receiver.url()) {
                $0.dialect = dialect
                $0.payloadQuery =
                    "query (\(head)) { customer { \(gets.joined(separator: " ")) } "
                    + "order @include(if: $paid) { id } }"
            }
            let values = ["o1", "acme", webhook.description, "order", "Bård", "35", "5"]
            for value in values {
                try await stage.accept(#"{"tag":"\#(value)"}"#, of: "customer", value, for: [])
            }
            let data = #"{"id":"other","tenantId":"x","paid":true,"name":"B\u00e5rd","n":35,"list":[1]}"#
            try await stage.withWorker {
                try await stage.accept(data, of: "order", "o1", for: [webhook])
                let body = try JSONDocument(parsing: try await receiver.waitForRequests(1)[0].body).root
                for (member, value) in zip(members, values) {
                    #expect(body.member("customer")?.member(member)?.member("tag")?.string == value, "\(member)")
                }
                #expect(body.member("customer")?.member("none")?.isNull == true)
                #expect(body.member("customer")?.member("d")?.member("tag")?.string == "5")
                #expect(body.member("order")?.member("id")?.isNull == true)
            }
        }
    }

    @Test("The newest data, or the event's own", arguments: [true, false])
    func time(isSnapshot: Bool) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.payloadQuery = "query ($id: ID!) { order { get(id: $id) { v } other: get(id: \"o2\") { v } } }"
                $0.data = isSnapshot ? .snapshot : .latest
            }
            for version in 1...2 {
                try await stage.accept(#"{"v":\#(version)}"#, of: "order", "o1", for: [webhook])
                try await stage.accept(#"{"v":\#(version)}"#, of: "order", "o2", for: [])
            }
            try await stage.withWorker {
                let requests = try await receiver.waitForRequests(2)
                let first = isSnapshot ? 1 : 2
                #expect(
                    Set(requests.map(\.bodyText)) == [
                        #"{"order":{"get":{"v":\#(first)},"other":{"v":2}}}"#,
                        #"{"order":{"get":{"v":2},"other":{"v":2}}}"#,
                    ])
            }
        }
    }

    @Test(
        "Without a result nothing is sent; it is tried again, and others are not kept waiting",
        arguments: [
            "query ($missing: ID!) { order { get(id: $missing) { id } } }", "mutation { order { create } }",
            "query ($id: Int) { order { get(id: 1) { cart(first: $id) } } }",
        ])
    func failures(query: String) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url("/failing")) {
                $0.payloadQuery = query
                $0.retry = RetryPolicy(maxAttempts: 2, schedule: [1])
                $0.ordering = .webhook
                $0.maxConcurrency = 1
            }
            let fine = try await stage.webhook(receiver.url("/fine")) { $0.payloadQuery = Self.get }
            try await stage.withWorker {
                for _ in 0..<3 { try await stage.accept(Self.order, of: "order", "o1", for: [webhook, fine]) }
                try await stage.wait { try await stage.pending() == 0 }
                let recorded = try await stage.recorded(webhook)
                #expect(recorded.count == 6)
                #expect(recorded.allSatisfy { $0.outcome == .failed && $0.errorClass == .payloadQuery })
                #expect(recorded.allSatisfy { $0.status == nil && $0.isFinal == ($0.attempt == 2) })
                #expect(try await stage.recorded(fine).map(\.outcome) == [.succeeded, .succeeded, .succeeded])
                #expect(receiver.requests.map(\.target) == ["/fine", "/fine", "/fine"])
            }
        }
    }
}

extension Stage {
    /// Accepts an event with data of its own, of which its resource is known.
    func accept(
        _ data: String, of resource: String, _ id: String, for webhooks: [Webhook.ID], tenant: Tenant.ID? = nil
    ) async throws {
        let event = EventRow(
            shard: shard, tenantID: tenant ?? self.tenant, id: Event.ID(),
            resourceKey: Fingerprint(resource: resource, id: id), type: "\(resource)-created", resourceID: id,
            occurredAt: nil, traceparent: nil, data: StoredPayload.encode(Array(data.utf8)), related: nil, key: nil)
        let deliveries = webhooks.map {
            DeliveryRow(
                shard: shard, webhookID: $0, id: Delivery.ID(), tenantID: self.tenant, eventID: event.id,
                orderKey: nil, key: nil)
        }
        _ = try await pool.transact(InsertEvents([event]), InsertDeliveries(deliveries), InsertWake(of: deliveries))
        _ = try await pool.execute(NotifyWakes())
    }
}
