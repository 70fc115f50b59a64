import Dressing
import JSON
import Testing
import Webhooks

@Suite struct StandardDressTests {
    @Test func theWholeRequest() throws {
        let request = Sample.dress(for: try Sample.prepare(), attempt: 3)
        #expect(request.method == "POST" && request.url == "https://example.com/wh")
        #expect(request.text == Sample.body)
        let expected = [
            ("webhook-id", Sample.eventID), ("webhook-timestamp", "1759837800"),
            ("webhook-signature", "v1,dU1Z0vAOxAiujserLTmTbBB6A6JyOfEIMuCKDxPQuCo="),
            ("x-martlet-event", "order-created"), ("x-martlet-delivery", Sample.deliveryID), ("x-martlet-attempt", "3"),
            ("x-martlet-triggered-at", "2025-10-07T11:48:45.000Z"), ("user-agent", "Martlet/\(Martlet.version)"),
            ("content-type", "application/json"), ("x-martlet-webhook", Sample.webhookID),
        ]
        #expect(request.headers.map { "\($0.name): \($0.value)" } == expected.map { "\($0.0): \($0.1)" })
    }

    @Test func aReceiverTrustsIt() throws {
        let request = Sample.dress(for: try Sample.prepare())
        let secret = try #require(StandardWebhooksSecret(Sample.secret))
        try StandardWebhooksVerifier(secrets: [secret]).verify(
            id: #require(request.header("webhook-id")), timestamp: #require(request.header("webhook-timestamp")),
            signature: #require(request.header("webhook-signature")), body: #require(request.body), now: Sample.now)
    }

    @Test(
        "Bodies of other events",
        arguments: [
            (Sample.event(resourceID: nil), #""resourceId":null,"#),
            (Sample.event(resourceID: "a\"\\\n"), #""resourceId":"a\"\\\n","#),
            (Sample.event(occurredAt: nil), #""timestamp":"2025-10-07T11:48:45.000Z","#),
            (
                Sample.event(related: #"{"x":[1.50]}"#),
                #""data":{"id":"68e4","name":"Bård","gross":10.1125},"related":{"x":[1.50]}}"#
            ),
            (Sample.event(data: #"{"n":1E+2,"s":"\u00e5\/"}"#), #""data":{"n":1E+2,"s":"\u00e5\/"}}"#),
            (
                Sample.event(type: "product-inventory_updated"),
                #""resource":"product","event":"inventory_updated","#
            ),
            (Sample.event(type: "topic-map-created"), #""resource":"topic-map","event":"created","#),
            (Sample.event(type: "gift-card-used"), #""resource":"gift-card","event":"used","#),
        ])
    func bodies(event: Event, part: String) throws {
        let text = try #require(Sample.dress(event, for: try Sample.prepare()).text)
        #expect(text.contains(part))
        let document = try JSONDocument(parsing: Array(text.utf8))
        var names = ["id", "type", "timestamp", "resource", "event", "resourceId", "tenantId", "webhookId", "data"]
        if event.related != nil { names.append("related") }
        #expect(document.root.members.map(\.name) == names)
        #expect(document.root.compactBytes == Array(text.utf8))
    }

    @Test func retriesKeepEverythingButTimeAndAttempt() throws {
        let webhook = try Sample.prepare()
        let first = Sample.dress(for: webhook, attempt: 1)
        let second = Sample.dress(for: webhook, attempt: 2, at: Sample.now + .seconds(5))
        #expect(first.body == second.body)
        let changed = zip(first.headers, second.headers).filter { $0.value != $1.value }.map(\.0.name)
        #expect(changed == ["webhook-timestamp", "webhook-signature", "x-martlet-attempt"])
    }

    @Test func aTestSendHasNoDelivery() throws {
        let request = Dresser().dress(Sample.event(), for: try Sample.prepare(), deliveryID: nil, at: Sample.now)
        #expect(request.header("x-martlet-delivery") == nil)
        #expect(request.header("x-martlet-attempt") == "1")
    }

    @Test(
        "Methods with a body",
        arguments: [WebhookConfiguration.Method.POST, .PUT, .PATCH, .DELETE])
    func methods(method: WebhookConfiguration.Method) throws {
        let request = Sample.dress(for: try Sample.prepare { $0.method = method })
        #expect(request.method == method.rawValue && request.text == Sample.body)
        #expect(request.header("content-type") == "application/json")
    }
}
