import Dressing
import JSON
import Testing
import Webhooks
import struct TestSupport.Program

/// `format: cloudevents`.
@Suite struct CloudEventTests {
    private func prepare(_ change: (inout WebhookConfiguration) -> Void = { _ in }) throws -> PreparedWebhook {
        try Sample.prepare {
            $0.format = .cloudevents
            change(&$0)
        }
    }

    private static let body =
        #"{"specversion":"1.0","id":"evt_01K6Z818A80000000000000001","source":"/tenants/acme","type":"order-created","#
        + #""subject":"68e4","time":"2025-10-07T11:48:45.123Z","datacontenttype":"application/json","#
        + #""resource":"order","action":"created","webhookid":"wbh_01K6Z818A80000000000000002","#
        + #""data":{"id":"68e4","name":"Bård","gross":10.1125}}"#

    @Test func theWholeRequest() throws {
        let request = Sample.dress(for: try prepare())
        #expect(request.text == Self.body)
        #expect(request.header("content-type") == "application/cloudevents+json")
        let secret = try #require(StandardWebhooksSecret(Sample.secret))
        try StandardWebhooksVerifier(secrets: [secret]).verify(
            id: #require(request.header("webhook-id")), timestamp: #require(request.header("webhook-timestamp")),
            signature: #require(request.header("webhook-signature")), body: #require(request.body), now: Sample.now)
    }

    @Test func withoutAResourceIDThereIsNoSubject() throws {
        let text = Sample.dress(Sample.event(resourceID: nil, occurredAt: nil), for: try prepare()).text
        #expect(text?.contains("subject") == false)
        #expect(text?.contains(#""time":"2025-10-07T11:48:45.000Z""#) == true)
    }

    @Test(
        "The result of a query is the data",
        arguments: [(false, #"{"name":1}"#), (true, #"{"id":"68e4","name":1,"gross":10.1125}"#)])
    func results(preserves: Bool, data: String) throws {
        let request = Sample.dress(
            for: try prepare { $0.preserveDefaultPayload = preserves }, queryResult: #"{"name":1}"#)
        #expect(request.text == Self.body.replacing(Sample.data, with: data))
    }

    @Test("Only the dialect `standard` knows the format", arguments: [Dialect.crystallize, .shopery])
    func others(dialect: Dialect) throws {
        let one = Sample.dress(for: try prepare { $0.dialect = dialect })
        let other = Sample.dress(for: try Sample.prepare { $0.dialect = dialect })
        #expect(one.text == other.text && one.header("content-type") == "application/json")
    }

    /// Somebody else's code reads it: Python's `cloudevents`.
    @Test func anotherLibraryReadsIt() async throws {
        let event = Sample.event(data: #"{"id":"68e4","name":"B\u00e5rd \"x\"","list":[1.50,null]}"#)
        let request = Sample.dress(event, for: try prepare())
        let script = """
            import sys
            from cloudevents.http import from_http
            event = from_http({"content-type": "\(try #require(request.header("content-type")))"},
                              sys.stdin.buffer.read())
            assert event["specversion"] == "1.0" and event["id"] == "\(Sample.eventID)", event
            assert event["source"] == "/tenants/acme" and event["type"] == "order-created", event
            assert event["subject"] == "68e4" and event["time"].startswith("2025-10-07T11:48:45.123"), event
            assert event["resource"] == "order" and event["action"] == "created", event
            assert event["webhookid"] == "\(Sample.webhookID)", event
            assert event.data == {"id": "68e4", "name": 'B\\u00e5rd "x"', "list": [1.5, None]}, event
            print("read")
            """
        let answer = try await Program.python(script, input: #require(request.text))
        #expect(answer.output == "read\n", "\(answer.output)")
    }
}
