import Hosting
import HTTPTypes
import Testing
import Webhooks

@testable import IngesterService

@Suite struct EventFaultTests {
    private func problem(_ bytes: [UInt8], as form: EventReader.Form = .json) -> Problem? {
        let reader = EventReader(catalogue: .standard, takesAnyType: false, traceparent: nil, idempotencyKey: nil)
        do throws(Problem) {
            _ = try reader.read(bytes, as: form)
            return nil
        } catch { return error }
    }

    private func problem(_ text: String, as form: EventReader.Form = .json) -> Problem? {
        problem(Array(text.utf8), as: form)
    }

    @Test(
        "One fault of one event",
        arguments: [
            (#"{"data":{}}"#, "type", "required"), (#"{"type":"order-created"}"#, "data", "required"),
            (#"{"type":1,"data":{}}"#, "type", "wrong_type"),
            (#"{"type":"nope","data":{}}"#, "type", "unknown_event_type"),
            (#"{"type":"webhook-disabled","data":{}}"#, "type", "reserved_event_type"),
            (#"{"type":"webhooks-disabled","data":{}}"#, "type", "reserved_event_type"),
            (#"{"type":"order-created","data":[]}"#, "data", "wrong_type"),
            (#"{"type":"order-created","data":null}"#, "data", "wrong_type"),
            (#"{"type":"order-created","data":{},"related":[]}"#, "related", "wrong_type"),
            (#"{"type":"order-created","data":{},"id":5}"#, "id", "wrong_type"),
            (#"{"type":"order-created","data":{},"id":""}"#, "id", "empty"),
            (#"{"type":"order-created","data":{},"resourceId":5}"#, "resourceId", "wrong_type"),
            (#"{"type":"order-created","data":{},"occurredAt":"yesterday"}"#, "occurredAt", "malformed_time"),
            (#"{"type":"order-created","data":{},"occurredAt":"2025-10-07T11:48:45"}"#, "occurredAt", "malformed_time"),
            (#"{"type":"order-created","data":{},"occurredAt":5}"#, "occurredAt", "wrong_type"),
            (#"{"type":"order-created","data":{},"extra":1}"#, "extra", "unknown_member"),
            (#"{"type":"order-created","data":{"a":"\u0000"}}"#, "data", "nul"),
            (#"{"type":"order-created","data":{"\u0000":1}}"#, "data", "nul"),
            (#"{"type":"order-created","data":{},"id":"\u0000"}"#, "id", "nul"),
            ("5", "", "wrong_type"), ("null", "", "wrong_type"), (#""a""#, "", "wrong_type"), ("[]", "", "empty"),
        ])
    func fault(body: String, field: String, code: String) {
        let problem = problem(body)
        #expect(problem?.status == .unprocessableContent)
        #expect(problem?.errors.map(\.field) == [field])
        #expect(problem?.errors.map(\.code) == [code])
    }

    @Test func allFaultsAtOnce() {
        let body = #"[{"type":"order-created","data":{}},{"data":5,"x":1},{"type":"order-creatd","data":{}},7]"#
        let errors = problem(body)?.errors ?? []
        #expect(errors.map(\.field) == ["[1].data", "[1].x", "[1].type", "[2].type", "[3]"])
        #expect(errors.first { $0.field == "[2].type" }?.detail.contains("order-created") == true)
    }

    @Test func lengthOfAnID() {
        func body(_ id: String) -> String { #"{"type":"order-created","data":{},"id":"\#(id)"}"# }
        #expect(problem(body(String(repeating: "å", count: 256))) == nil)
        #expect(problem(body(String(repeating: "a", count: 257)))?.errors.map(\.code) == ["too_long"])
    }

    @Test(
        "Bytes that are no JSON",
        arguments: [
            ("", 0), ("{", 1), (#"{"type":"order-created","data":{}}x"#, 34), (#"{"type":'a'}"#, 8), ("[1,]", 3),
        ])
    func malformed(body: String, offset: Int) {
        let problem = problem(body)
        #expect(problem?.status == .badRequest && problem?.code == "malformed_json")
        #expect(problem?.detail?.contains("byte \(offset):") == true, "\(problem?.detail ?? "")")
    }

    @Test func malformedUTF8() {
        #expect(problem(Array(#"{"type":""#.utf8) + [0xFF] + Array(#"","data":{}}"#.utf8))?.status == .badRequest)
    }

    @Test func offsetsInLinesCountFromTheStartOfTheBody() {
        let line = #"{"type":"order-created","data":{}}"# + "\n"
        #expect(problem(line + "{x", as: .lines)?.detail?.contains("byte \(line.utf8.count + 1):") == true)
        #expect(problem("\n\n", as: .lines)?.errors.map(\.code) == ["empty"])
    }

    @Test func depth() {
        func data(_ depth: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: depth - 2) + String(repeating: "]", count: depth - 2) + "}"
        }
        func event(_ depth: Int) -> String { #"{"type":"order-created","data":\#(data(depth))}"# }
        #expect(problem(event(64)) == nil)
        #expect(problem("[\(event(64))]") == nil)
        #expect(problem(event(64), as: .lines) == nil)
        let single = problem(event(65))
        #expect(single?.status == .unprocessableContent && single?.errors.map(\.code) == ["too_deep"])
        #expect(problem("[\(event(64)),\(event(65))]")?.errors.map(\.field) == ["[1]"])
        #expect(problem(event(64) + "\n" + event(65), as: .lines)?.errors.map(\.field) == ["[1]"])
        #expect(problem(String(repeating: "[", count: 100_000))?.status == .unprocessableContent)
    }

    @Test func sizeOfAnEvent() {
        func event(_ bytes: Int) -> String {
            let frame = #"{"type":"order-created","data":{"a":""}}"#
            return #"{"type":"order-created","data":{"a":""#
                + String(repeating: "x", count: bytes - frame.utf8.count) + #""}}"#
        }
        #expect(problem(event(256 << 10)) == nil)
        let single = problem(event(256 << 10 | 1))
        #expect(single?.status == .contentTooLarge && single?.code == "event_too_large")
        #expect(problem("[\(event(100)),\(event(256 << 10 | 1))]")?.errors.map(\.field) == ["[1]"])
    }

    @Test func countOfEvents() {
        func list(_ count: Int) -> [String] {
            Array(repeating: #"{"type":"order-created","data":{}}"#, count: count)
        }
        #expect(problem("[" + list(1000).joined(separator: ",") + "]") == nil)
        #expect(problem("[" + list(1001).joined(separator: ",") + "]")?.errors.map(\.code) == ["too_many_events"])
        #expect(problem(list(1001).joined(separator: "\n"), as: .lines)?.errors.map(\.code) == ["too_many_events"])
    }
}
