import Curl
import HTTPTypes
import JSON
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Test sends of webhooks with a payload query")
struct QueryTestSendTests {
    private static let loopback = AddressPolicy(allow: ["127.0.0.0/8"])

    @Test("The query sees the sample, and of other resources what is stored", arguments: [true, false])
    func results(isSaved: Bool) async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: Self.loopback) { api, _ in
            let query = "query ($id: ID!) { order { get(id: $id) { total { gross } } none: get(id: 7) { id } } }"
            let members = #""url":"\#(receiver.url())","payloadQuery":"\#(query)""#
            let answer: Answer
            if isSaved {
                let id = try await api.makeWebhook(members).string("id") ?? ""
                answer = try await api.send(.post, "/company/webhooks/\(id)/test")
            } else {
                answer = try await api.send(
                    .post, "/company/webhooks/test", #"{"name":"w","events":["order-created"],\#(members)}"#)
            }
            #expect(try answer.value("ok")?.bool == true, "\(answer.text)")
            #expect(receiver.requests.first?.bodyText == #"{"order":{"get":{"total":{"gross":45.1125}},"none":null}}"#)
        }
    }

    @Test("A query that fails is an invocation without a request")
    func failure() async throws {
        let receiver = try TestReceiver(answers: .ok)
        try await withAPI(addresses: Self.loopback) { api, _ in
            let query = "query ($absent: ID!) { order { get(id: $absent) { id } } }"
            let members = #""url":"\#(receiver.url())","payloadQuery":"\#(query)""#
            let path = "/company/webhooks/\(try await api.makeWebhook(members).string("id") ?? "")"
            let answer = try await api.send(.post, path + "/test")
            #expect(try answer.status == 200 && answer.value("ok")?.bool == false, "\(answer.text)")
            #expect(try answer.string("invocation.error.class") == "payload_query")
            #expect(try answer.string("invocation.error.detail")?.contains("$absent") == true)
            #expect(try answer.value("invocation.request")?.isNull == true)
            #expect(try answer.value("invocation.response")?.isNull == true)
            #expect(try await api.send(.get, path + "/invocations").ids == [answer.string("invocation.id") ?? ""])
            #expect(receiver.requests.isEmpty)
        }
    }
}
