import Foundation
import HTTPTypes
import Hosting
import JSON
import Postgres
import Store
import Testing
import Webhooks
import struct TestSupport.Program

@testable import IngesterService

/// CloudEvents 1.0: structured, batched and binary mode.
@Suite struct CloudEventTests {
    private func read(_ text: String, as form: EventReader.Form) throws -> EventReader.Submissions {
        try EventReader(catalogue: .standard, takesAnyType: false, traceparent: nil, idempotencyKey: nil).read(
            Array(text.utf8), as: form)
    }

    private func only(_ text: String, as form: EventReader.Form = .cloudEvent) throws -> EventSubmission {
        try #require(try read(text, as: form).events.first)
    }

    private func faults(_ text: String, as form: EventReader.Form = .cloudEvent) -> [String] {
        do {
            _ = try read(text, as: form)
            return []
        } catch { return (error as? Problem)?.errors.map { "\($0.field) \($0.code)" } ?? ["\(error)"] }
    }

    private static let attributes = [
        "specversion": "1.0", "id": "a", "source": "/shop", "type": "order.created", "subject": "68e4",
        "time": "2025-10-07T11:48:45Z",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "a=1",
    ]
    private static let data = #"{"id":"x","price":10.1125,"name":"Bård"}"#

    private static func text(_ change: [String: String?] = [:], data: String? = data) -> String {
        var members = attributes.mapValues { "\"\($0)\"" }
        for (name, value) in change { members[name] = value }
        if let data { members["data"] = data }
        return "{" + members.sorted { $0.key < $1.key }.map { #""\#($0.key)":\#($0.value)"# }.joined(separator: ",")
            + "}"
    }

    @Test("Each mode gives the same event", arguments: [EventReader.Form.cloudEvent, .binary(attributes)])
    func everyAttribute(form: EventReader.Form) throws {
        let event = try only(form == .cloudEvent ? Self.text(["extension": "true"]) : Self.data, as: form)
        #expect(event.type == "order-created" && event.resourceID == "68e4")
        #expect(event.occurredAt == Instant(rfc3339: "2025-10-07T11:48:45Z"))
        #expect(event.traceparent == Self.attributes["traceparent"] && event.tracestate == "a=1")
        #expect(try StoredPayload.decode(event.data) == Array(Self.data.utf8))
        #expect(event.key == (try only(Self.text()).key))
        let batch = try read("[\(Self.text())]", as: .cloudEvents)
        #expect(!batch.isSingle && batch.events.map(\.key) == [event.key])
    }

    @Test func theResourceIDDefaultsToTheDatas() throws {
        #expect(try only(Self.text(["subject": nil, "time": "null"])).resourceID == "x")
    }

    @Test("Another time is other content, and no attribute holds U+0000")
    func contentAndNUL() throws {
        func key(_ time: String) throws -> EventSubmission.Key? {
            try only(Self.text(["source": #""/s""#, "id": #""1""#, "time": "\"\(time)\""])).key
        }
        let first = try key("2025-10-07T11:48:45Z"), second = try key("2025-10-07T11:48:46Z")
        #expect(first?.key == second?.key && first != second)
        #expect(faults(Self.text(["myext": #""a\u0000b""#])) == ["myext nul"])
    }

    @Test func theKeyIsSourceAndID() throws {
        func key(_ source: String, _ id: String) throws -> Fingerprint? {
            try only(Self.text(["source": "\"\(source)\"", "id": "\"\(id)\""])).key?.key
        }
        let keys = try [key("/a", "b"), key("/a", "c"), key("/b", "b"), key("/ab", "b"), key("/a", "bb")]
        #expect(Set(keys).count == 5 && !keys.contains(nil))
        let plain = try EventReader(catalogue: .standard, takesAnyType: false, traceparent: nil, idempotencyKey: nil)
            .read(Array(#"{"type":"order-created","id":"b","data":{}}"#.utf8), as: .json).events
        #expect(plain.first?.key?.key != keys[0])
        let again = try read("[\(Self.text()),\(Self.text())]", as: .cloudEvents).events
        #expect(again.map(\.repeats) == [nil, 0])
    }

    @Test(
        "Faults",
        arguments: [
            (text(["specversion": nil]), ["specversion required"]),
            (text(["specversion": #""0.3""#]), ["specversion unsupported"]), (text(["id": nil]), ["id required"]),
            (text(["id": #""""#]), ["id empty"]), (text(["source": "1"]), ["source wrong_type"]),
            (text(["type": #""nope""#]), ["type unknown_event_type"]),
            (text(["type": #""webhook-disabled""#]), ["type reserved_event_type"]),
            (text(["time": #""today""#]), ["time malformed_time"]), (text(data: nil), ["data required"]),
            (text(data: "[1]"), ["data wrong_type"]), (text(data: #""x""#), ["data wrong_type"]),
            (text(["data_base64": #""e30=""#], data: nil), ["data_base64 unsupported", "data required"]),
            (text(["datacontenttype": #""text/xml""#]), ["datacontenttype unsupported"]),
            (text(["datacontenttype": #""application/vnd.order+json; charset=utf-8""#]), []),
            (text(data: #"{"a":"\u0000"}"#), ["data nul"]), ("[]", [" wrong_type"]), ("1", [" wrong_type"]),
        ])
    func faultsOfStructuredMode(text: String, expected: [String]) { #expect(faults(text) == expected) }

    @Test func faultsOfOtherModes() {
        #expect(faults(Self.text(), as: .cloudEvents) == [" wrong_type"])
        #expect(faults("[\(Self.text(["id": nil])),1]", as: .cloudEvents) == ["[0].id required", "[1] wrong_type"])
        #expect(faults("[]", as: .cloudEvents) == [" empty"])
        #expect(
            faults("[1]", as: .binary(["specversion": "1.0", "id": "a", "source": ""]))
                == ["type required", "source empty", "data wrong_type"])
    }

    /// Somebody else's code sends: Python's `cloudevents`.
    @Test func whatAnotherLibrarySendsIsTaken() async throws {
        let script = #"""
            import json
            from cloudevents.conversion import to_binary, to_structured
            from cloudevents.http import CloudEvent
            attributes = {"type": "order-created", "source": "/shop", "id": "%s", "subject": "order 1",
                          "time": "2025-10-07T11:48:45.000Z", "datacontenttype": "application/json"}
            event = CloudEvent(attributes, {"id": "1", "name": "B\u00e5rd", "gross": 10.1125})
            print(json.dumps([[headers, body.decode()] for headers, body in (to_structured(event), to_binary(event))]))
            """#
        let made = try await Program.python(script)
        #expect(made.status == 0, "\(made.output)")
        let requests = try JSONDocument(parsing: made.output.utf8).root.elements
        try #require(requests.count == 2)
        try await withIngester { ingester, fixture, _ async throws in
            try await fixture.subscribe("*")
            var ids: [String] = []
            for request in requests {
                let parts = Array(request.elements)
                let headers = parts[0].members.map { ($0.name, $0.value.string ?? "") }
                let answer = try await ingester.post(
                    parts[1].string ?? "", type: nil, headers: headers.filter { !$0.0.isEmpty })
                #expect(answer.status == 202)
                if let id = answer.id { ids.append(id) }
            }
            // The same source and id: the second one is a repetition of the first.
            #expect(ids.count == 2 && Set(ids).count == 1)
            let id = try #require(Event.ID(ids[0]))
            let key = EventKey(shard: fixture.tenant.shard, tenantID: fixture.tenant.id, id: id)
            let event = try #require(try await fixture.owner.execute(FindEvents([key])).first)
            #expect(event.resourceID == "order 1" && event.type == "order-created")
            #expect(try JSONDocument(parsing: event.data).root.member("name")?.string == "Bård")
        }
    }

    @Test func modesAreToldByTheHeaders() async throws {
        try await withIngester { ingester, fixture, _ async throws in
            func post(_ body: String, _ type: String?, _ more: [(String, String)] = []) async throws -> Int {
                try await ingester.post(body, type: type, headers: more).status
            }
            let named = [
                ("ce-specversion", "1.0"), ("ce-id", "%C3%A5"), ("ce-source", "/x"), ("ce-type", "order-created"),
            ]
            #expect(try await post(Self.data, "application/json", named) == 202)
            #expect(try await post(Self.data, "application/vnd.order+json", named) == 202)
            #expect(try await post(Self.data, "text/plain", named) == 422)
            #expect(try await post("{", "application/json", named) == 400)
            #expect(try await post(Self.data, "application/json", [("ce-id", "a")]) == 422)
            #expect(try await post(Self.text(), "application/cloudevents+json; charset=utf-8", named) == 202)
            let batch = "[\(Self.text(["id": #""1""#])),\(Self.text(["id": #""2""#]))]"
            #expect(try await post(batch, "application/cloudevents-batch+json") == 202)
            #expect(try await post(Self.data, "application/cloudevents+json") == 422)
            #expect(try await fixture.count(.events) == 4)
        }
    }
}
