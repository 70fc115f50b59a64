import Testing
import Webhooks

@testable import Dressing

/// What is left of an event's data by `fields`.
@Suite struct FieldTests {
    private func cut(_ data: String, to fields: [String]) -> String {
        String(decoding: FieldSelection(fields).cut(Array(data.utf8)), as: UTF8.self)
    }

    @Test(
        "Dotted names, through arrays",
        arguments: [
            (["id"], #"{"id":"o1","total":{"gross":1}}"#, #"{"id":"o1"}"#),
            (["updated_at", "id"], #"{"id":"o1","x":0,"updated_at":"t"}"#, #"{"id":"o1","updated_at":"t"}"#),
            (["total.gross"], #"{"total":{"net":1.0,"gross":1.190e2}}"#, #"{"total":{"gross":1.190e2}}"#),
            (["total"], #"{"total":{"net":1,"gross":[ 2 ]}}"#, #"{"total":{"net":1,"gross":[2]}}"#),
            (["total.net", "total"], #"{"total":{"net":1,"gross":2}}"#, #"{"total":{"net":1,"gross":2}}"#),
            (["total", "total.net"], #"{"total":{"net":1,"gross":2}}"#, #"{"total":{"net":1,"gross":2}}"#),
            (["cart.sku"], #"{"cart":[{"sku":"A","n":1},{"n":2,"sku":"B"}]}"#, #"{"cart":[{"sku":"A"},{"sku":"B"}]}"#),
            (["cart.sku", "cart.n"], #"{"cart":[{"sku":"A","n":1,"x":0}]}"#, #"{"cart":[{"sku":"A","n":1}]}"#),
            (["a.b"], #"{"a":[[{"b":1}],[{"b":2,"c":0}]]}"#, #"{"a":[[{"b":1}],[{"b":2}]]}"#),
            (["cart.sku"], #"{"cart":[{"n":1},{"sku":"B"},5]}"#, #"{"cart":[{"sku":"B"}]}"#),
            (["nope", "id"], #"{"id":1}"#, #"{"id":1}"#), (["nope"], #"{"id":1}"#, "{}"),
            (["id.deeper"], #"{"id":1}"#, "{}"), (["a.b"], #"{"a":{"c":1},"d":1}"#, "{}"),
            (["cart.sku"], #"{"cart":[]}"#, "{}"), (["a"], #"{"a":null}"#, #"{"a":null}"#),
            (["a"], #"{"a":{},"b":1}"#, #"{"a":{}}"#), (["ä"], #"{"\u00e4":"\u00e4"}"#, #"{"ä":"\u00e4"}"#),
            (["a.b.c.d"], #"{"a":{"b":{"c":{"d":10.1125,"e":0}}}}"#, #"{"a":{"b":{"c":{"d":10.1125}}}}"#),
        ])
    func table(_ fields: [String], _ data: String, _ expected: String) {
        #expect(cut(data, to: fields) == expected)
    }

    @Test("The cut data takes the place of the data, and related stays whole")
    func request() throws {
        let webhook = try Sample.prepare { $0.fields = ["id"] }
        let event = Sample.event(data: #"{"id":"o1","secret":1}"#, related: #"{"customer":{"id":"c1"}}"#)
        let body = Dresser().dress(event, for: webhook, deliveryID: nil, at: Sample.now).body ?? []
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains(#""data":{"id":"o1"},"related":{"customer":{"id":"c1"}}"#))
        #expect(!text.contains("secret"))
    }
}
