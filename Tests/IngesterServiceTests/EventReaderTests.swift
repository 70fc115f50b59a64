import Hosting
import HTTPTypes
import Store
import Testing
import Webhooks

@testable import IngesterService

@Suite struct EventReaderTests {
    private func read(
        _ text: String, as form: EventReader.Form = .json, open: Bool = false, key: String? = nil
    ) throws -> EventReader.Submissions {
        try EventReader(
            catalogue: .standard, takesAnyType: open, traceparent: nil, idempotencyKey: key
        ).read(Array(text.utf8), as: form)
    }

    private func problem(_ text: String, as form: EventReader.Form = .json, open: Bool = false) -> Problem? {
        do {
            _ = try read(text, as: form, open: open)
            return nil
        } catch { return error as? Problem }
    }

    private func only(_ text: String, open: Bool = false, key: String? = nil) throws -> EventSubmission {
        try #require(try read(text, open: open, key: key).events.first)
    }

    private func text(_ stored: [UInt8]?) throws -> String? {
        try stored.map { String(decoding: try StoredPayload.decode($0), as: UTF8.self) }
    }

    // MARK: What is taken

    @Test func everyMember() throws {
        let event = try only(
            """
            {"type": "order-created", "id": "p1", "occurredAt": "2025-10-07T11:48:45.000Z", "resourceId": "68e4",
             "data": {"id": "x", "price": 10.1125, "name": "B\u{e5}rd", "list": [1, 2]}, "related": {"a": null}}
            """)
        #expect(event.type == "order-created")
        #expect(event.resourceID == "68e4")
        #expect(event.resource == Fingerprint(resource: "order", id: "68e4"))
        #expect(event.occurredAt == Instant(rfc3339: "2025-10-07T11:48:45Z"))
        #expect(event.key?.key == Fingerprint(of: [Array("p1".utf8)]))
        #expect(try text(event.data) == #"{"id":"x","price":10.1125,"name":"Bård","list":[1,2]}"#)
        #expect(try text(event.related) == #"{"a":null}"#)
        #expect(!event.isPartial && event.repeats == nil)
    }

    @Test(
        "Aliases become names",
        arguments: [
            ("orders-created", "order-created"), ("order.created", "order-created"), ("order_created", "order-created"),
        ])
    func aliases(alias: String, name: String) throws {
        #expect(try only(#"{"type":"\#(alias)","data":{}}"#).type == name)
    }

    @Test(
        "The resource id defaults to the data's",
        arguments: [
            (#"{"id":"a"}"#, "a"), (#"{"id":5}"#, "5"), (#"{"id":1e2}"#, "100"), (#"{"id":1.5}"#, "1.5"),
            (#"{"id":""}"#, nil), (#"{"id":null}"#, nil), (#"{"id":{}}"#, nil), (#"{"id":true}"#, nil), ("{}", nil),
        ] as [(String, String?)])
    func resourceID(data: String, expected: String?) throws {
        let event = try only(#"{"type":"order-created","data":\#(data)}"#)
        #expect(event.resourceID == expected)
        #expect((event.resource == nil) == (expected == nil))
    }

    @Test func nullIsAsGoodAsNone() throws {
        let event = try only(
            #"{"type":"order-created","id":null,"occurredAt":null,"resourceId":null,"related":null,"data":{"id":"a"}}"#)
        #expect(event.key == nil && event.occurredAt == nil && event.related == nil && event.resourceID == "a")
    }

    @Test func partialTypesAreKnown() throws {
        #expect(try only(#"{"type":"order-pipeline-stage-changed","data":{"id":"a"}}"#).isPartial)
    }

    @Test func anOpenCatalogueTakesOtherNames() throws {
        #expect(try only(#"{"type":"gift-card-created","data":{"id":"a"}}"#, open: true).type == "gift-card-created")
        #expect(try only(#"{"type":"orders-created","data":{}}"#, open: true).type == "order-created")
        #expect(problem(#"{"type":"gift card","data":{}}"#, open: true)?.errors.first?.code == "unknown_event_type")
        #expect(problem(#"{"type":"webhook.disabled","data":{}}"#, open: true)?.errors.first?.field == "type")
    }

    @Test(
        "Lists and lines",
        arguments: [
            (#"[{"type":"order-created","data":{}}]"#, .json, 1, false),
            ("  {\"type\":\"order-created\",\"data\":{}}\n", .json, 1, true),
            ("{\"type\":\"order-created\",\"data\":{}}", .lines, 1, false),
            (
                "{\"type\":\"order-created\",\"data\":{}}\n\r\n{\"type\":\"order-updated\",\"data\":{}}\r\n", .lines, 2,
                false
            ),
        ] as [(String, EventReader.Form, Int, Bool)])
    func forms(body: String, form: EventReader.Form, count: Int, isSingle: Bool) throws {
        let submissions = try read(body, as: form)
        #expect(submissions.events.count == count && submissions.isSingle == isSingle)
        #expect(zip(submissions.events, submissions.events.dropFirst()).allSatisfy { $0.id < $1.id })
    }

    // MARK: Keys

    @Test func theHeaderStandsInForAMissingID() throws {
        let body = #"{"type":"order-created","data":{}}"#
        let named = #"{"type":"order-created","id":"k","data":{}}"#
        let id = try only(named).key
        let byHeader = try only(body, key: "k").key
        let byBoth = try only(named, key: "other").key
        let byNone = try only(body).key
        #expect(id != nil && byHeader == id && byBoth == id && byNone == nil)
        let list = try read("[\(body),\(body),\(named)]", key: "k").events
        #expect(Set(list.compactMap(\.key?.key)).count == 3)
        #expect(list.allSatisfy { $0.repeats == nil })
    }

    @Test(
        "The same content",
        arguments: [
            (#"{"type":"order-created","id":"k","data":{"a":1,"b":[2]}}"#, true),
            (#"{ "data": {"b": [2.0], "a": 1e0}, "id": "k", "type": "orders-created" }"#, true),
            (#"{"type":"order-created","id":"k","data":{"a":1,"b":[2]},"related":null}"#, true),
            (#"{"type":"order-updated","id":"k","data":{"a":1,"b":[2]}}"#, false),
            (#"{"type":"order-created","id":"k","data":{"a":"1","b":[2]}}"#, false),
            (#"{"type":"order-created","id":"k","data":{"a":1,"b":[2,2]}}"#, false),
            (#"{"type":"order-created","id":"k","data":{"a":1,"b":[2]},"related":{}}"#, false),
            (#"{"type":"order-created","id":"k","data":{"a":1,"b":[2]},"resourceId":"a"}"#, false),
            (#"{"type":"order-created","id":"k","data":{"a":1,"b":[2]},"occurredAt":"2025-10-07T11:48:45Z"}"#, false),
        ])
    func content(body: String, isSame: Bool) throws {
        let first = try only(#"{"type":"order-created","id":"k","data":{"a":1,"b":[2]}}"#)
        let second = try only(body)
        #expect((second.key == first.key) == isSame)
    }

    @Test("Another spelling of the same instant is another JSON value")
    func spelledTime() throws {
        func key(_ time: String) throws -> EventSubmission.Key? {
            try only(#"{"type":"order-created","id":"k","data":{},"occurredAt":"\#(time)"}"#).key
        }
        #expect(try key("2025-10-07T11:48:45Z") == key("2025-10-07T11:48:45Z"))
        #expect(try key("2025-10-07T11:48:45Z") != key("2025-10-07T11:48:45.000Z"))
        #expect(try key("2025-10-07T11:48:45Z") != key("2025-10-07T12:48:45+01:00"))
    }

    @Test func repetitionsInOneBody() throws {
        let one = #"{"type":"order-created","id":"k","data":{"a":1}}"#
        let other = #"{"type":"order-created","id":"k","data":{"a":2}}"#
        let repeats = try read("[\(one),\(one),\(one)]").events.map(\.repeats)
        #expect(repeats == [nil, 0, 0])
        let conflict = problem("[\(one),\(one),\(other)]")
        #expect(conflict?.status == .conflict)
        #expect(conflict?.errors.map(\.field) == ["[2].id"])
    }
}
