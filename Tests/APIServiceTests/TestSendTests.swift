import HTTPTypes
import Curl
import JSON
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Test sends")
struct TestSendTests {
    private static let loopback = AddressPolicy(allow: ["127.0.0.0/8"])

    @Test("A signed sample goes out at once, is in the history, and counts nowhere")
    func saved() async throws {
        let receiver = try TestReceiver(answers: ReceiverAnswer(status: 200, body: "fine"))
        try await withAPI(addresses: Self.loopback) { api, database in
            let made = try await api.makeWebhook(
                #""url":"\#(receiver.url("/hook"))","authentication":{"type":"bearer","token":"secret-token-1234"}"#)
            let path = "/company/webhooks/\(try made.string("id") ?? "")"
            let answer = try await api.send(.post, path + "/test")
            #expect(try answer.status == 200 && answer.value("ok")?.bool == true, "\(answer.text)")
            let request = try #require(receiver.requests.first)
            #expect(request.target == "/hook" && request.header("authorization") == "Bearer secret-token-1234")
            #expect(request.header("x-martlet-event") == "order-created")
            #expect(request.header("x-martlet-delivery") == nil)
            let secret = try #require(StandardWebhooksSecret(try made.string("secret") ?? ""))
            try StandardWebhooksVerifier(secrets: [secret]).verify(
                id: request.header("webhook-id") ?? "", timestamp: request.header("webhook-timestamp") ?? "",
                signature: request.header("webhook-signature") ?? "", body: request.body, now: .now)
            let body = try JSONDocument(parsing: request.body).root
            #expect(body.member("data")?.member("total")?.member("gross")?.double == 45.1125)

            #expect(try answer.string("invocation.trigger") == "test")
            #expect(try answer.value("invocation.eventId")?.isNull == true)
            #expect(try answer.value("invocation.deliveryId")?.isNull == true)
            #expect(try answer.string("invocation.response.body") == "fine")
            #expect(!answer.text.contains("secret-token"))
            let id = try answer.string("invocation.id") ?? ""
            #expect(try await api.send(.get, path + "/invocations").ids == [id])
            #expect(try await api.send(.get, "/company/invocations/\(id)").status == 200)
            for table in ["events", "deliveries", "delivery_stats"] {
                #expect(try await database.count(table) == 0, "\(table)")
            }
            #expect(try await api.send(.get, path + "/metrics").value("total.succeeded")?.integer == 0)
            #expect(try await api.send(.post, "/company/invocations/\(id)/retry").status == 409)
        }
    }

    @Test(
        "Only exactly 200 is ok",
        arguments: [
            (200, true, "succeeded"), (201, false, "succeeded"), (204, false, "succeeded"),
            (301, false, "failed"), (500, false, "failed"),
        ])
    func statuses(status: Int, isOK: Bool, outcome: String) async throws {
        let receiver = try TestReceiver(answers: .status(status))
        try await withAPI(addresses: Self.loopback) { api, _ in
            let path =
                "/company/webhooks/\(try await api.makeWebhook(#""url":"\#(receiver.url())""#).string("id") ?? "")"
            let answer = try await api.send(.post, path + "/test", "{}")
            #expect(try answer.status == 200 && answer.value("ok")?.bool == isOK)
            #expect(try answer.string("invocation.outcome") == outcome)
            #expect(try answer.value("invocation.response.status")?.integer == Int64(status))
        }
    }

    @Test("An event can be chosen; nobody listening is an answer; an address that is forbidden is not dialled")
    func choices() async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: Self.loopback) { api, database in
            let id =
                try await api.makeWebhook(#""url":"\#(receiver.url())","events":["customer-*"]"#).string("id") ?? ""
            let path = "/company/webhooks/\(id)/test"
            for (body, event) in [
                (nil, "customer-created"), (#"{"event":"orders-created"}"#, "order-created"),
                (#"{"event":"webhook-disabled"}"#, "webhook-disabled"), (#"{"event":null}"#, "customer-created"),
            ] as [(String?, String)] {
                let answer = try await api.send(.post, path, body)
                #expect(try answer.string("invocation.event") == event)
                #expect(receiver.requests.last?.header("x-martlet-event") == event)
            }
            for (body, fault) in [
                (#"{"event":"order-creatd"}"#, "event unknown_event"), (#"{"event":5}"#, "event wrong_type"),
                (#"{"events":"x"}"#, "events unknown_member"), ("[]", " wrong_type"),
            ] {
                let answer = try await api.send(.post, path, body)
                #expect(try answer.status == 422 && answer.faults == [fault], "\(body)")
            }
            receiver.stop()
            let refused = try await api.send(.post, path)
            #expect(try refused.string("invocation.error.class") == "connection_refused")
            #expect(try refused.value("invocation.response")?.isNull == true)
            // Saved while it was allowed, dialled when it no longer is.
            try await database.run(
                #"UPDATE martlet.webhooks SET configuration = jsonb_set(configuration, '{url}', '"http://10.0.0.1/"')"#)
            let forbidden = try await api.send(.post, path)
            #expect(try forbidden.string("invocation.error.class") == "forbidden_address")
            #expect(try forbidden.value("ok")?.bool == false)
        }
    }

    @Test("A configuration that is not saved is sent the same way, and recorded nowhere")
    func unsaved() async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: Self.loopback) { api, database in
            let secret = StandardWebhooksSecret()
            let answer = try await api.send(
                .post, "/company/webhooks/test",
                TestAPI.body(#""url":"\#(receiver.url())","secret":"\#(secret.text)","event":"product-deleted""#))
            #expect(try answer.status == 200 && answer.value("ok")?.bool == true, "\(answer.text)")
            #expect(try answer.value("invocation.webhookId")?.isNull == true)
            let request = try #require(receiver.requests.first)
            #expect(request.header("x-martlet-event") == "product-deleted")
            try StandardWebhooksVerifier(secrets: [secret]).verify(
                id: request.header("webhook-id") ?? "", timestamp: request.header("webhook-timestamp") ?? "",
                signature: request.header("webhook-signature") ?? "", body: request.body, now: .now)
            #expect(try await database.count("invocations") == 0)
            #expect(try await database.count("webhooks") == 0)
            let faulty = try await api.send(
                .post, "/company/webhooks/test", #"{"url":"http://10.0.0.1/","events":["x"],"event":"y"}"#)
            #expect(
                try faulty.faults == [
                    "event unknown_event", "events[0] unknown_event", "name required", "url forbidden_address",
                ])
        }
    }

    @Test("A receiver that hangs holds no more than a tenant's share of test sends")
    func limit() async throws {
        let receiver = try TestReceiver(answers: .hang)
        try await withAPI(addresses: Self.loopback) { api, _ in
            let webhook = try await api.makeWebhook(#""url":"\#(receiver.url())","timeoutMs":30000"#)
            let path = "/company/webhooks/\(try webhook.string("id") ?? "")/test"
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<TestSender.limit { group.addTask { try await api.send(.post, path).status } }
                try await receiver.waitForRequests(TestSender.limit)
                let over = try await api.send(.post, path)
                #expect(over.status == 429 && over.headers[.retryAfter] == "1")
                receiver.stop()
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await api.send(.post, path).status == 200)
        }
    }
}
