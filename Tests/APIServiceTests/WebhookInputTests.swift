import Curl
import JSON
import Testing
import Webhooks

@testable import APIService

/// One body: the least that is needed, with `members` behind it (the last of two equal names wins), and its faults.
struct Case: CustomTestStringConvertible, Sendable {
    let members: String
    let faults: [String]
    let settings: TenantSettings

    /// - Parameter faults: `field code`, sorted.
    init(_ members: String, _ faults: String..., settings: (inout TenantSettings) -> Void = { _ in }) {
        self.members = members
        self.faults = faults.sorted()
        var draft = TenantSettings()
        settings(&draft)
        self.settings = draft
    }

    var testDescription: String { String(members.prefix(80)) }

    func parse() throws -> (input: WebhookInput?, faults: [String]) {
        let start = #"{"name":"w","url":"https://test.com/wh","events":["order-created"]"#
        let text = start + (members.isEmpty ? "}" : "," + members + "}")
        let document = try JSONDocument(parsing: Array(text.utf8))
        let faults = Faults()
        let rules = WebhookRules(catalogue: .standard, settings: settings, addresses: AddressPolicy())
        let input = WebhookInput(document.root, rules: rules, stored: nil, faults: faults)
        return (input, faults.list.map { "\($0.field) \($0.code.rawValue)" }.sorted())
    }
}

func letters(_ count: Int) -> String { String(repeating: "a", count: count) }
func list(_ count: Int, _ element: (Int) -> String) -> String { (0..<count).map(element).joined(separator: ",") }

@Suite("Every member of a webhook: at, below and above its range")
struct WebhookInputTests {
    @Test(
        "Destination",
        arguments: [
            Case(""),
            Case(#""name":"\#(letters(200))""#), Case(#""name":"\#(letters(201))""#, "name too_long"),
            Case(#""name":"""#, "name too_short"), Case(#""name":null"#, "name required"),
            Case(#""name":7"#, "name wrong_type"), Case(#""name":"a\u0000b""#, "name invalid"),
            Case(#""name":"🚀æ""#),
            Case(#""type":"http""#), Case(#""type":"sqs""#, "type unknown_value"),
            Case(#""type":1"#, "type wrong_type"),
            Case(#""type":null"#),
            Case(#""url":null"#, "url required"), Case(#""url":[]"#, "url wrong_type"),
            Case(#""url":"""#, "url too_short"),
            Case(#""url":"https://test.com/\#(letters(2031))""#),
            Case(#""url":"https://test.com/\#(letters(2032))""#, "url too_long"),
            Case(#""url":"/relative""#, "url invalid"), Case(#""url":"https://u:p@test.com""#, "url invalid"),
            Case(#""url":"https://test.com/#x""#, "url invalid"), Case(#""url":"ftp://test.com/""#, "url invalid"),
            Case(#""method":"GET""#), Case(#""method":"DELETE""#), Case(#""method":"post""#, "method unknown_value"),
            Case(#""method":"HEAD""#, "method unknown_value"), Case(#""method":true"#, "method wrong_type"),
            Case(#""headers":{}"#), Case(#""headers":{"Hello-Test":"a"}"#),
            Case(#""headers":[]"#, "headers wrong_type"),
            Case(#""headers":{"host":"x"}"#, "headers.host forbidden_header"),
            Case(#""headers":{"Content-Length":"1"}"#, "headers.Content-Length forbidden_header"),
            Case(#""headers":{"content-type":"x"}"#, "headers.content-type forbidden_header"),
            Case(#""headers":{"transfer-encoding":"x"}"#, "headers.transfer-encoding forbidden_header"),
            Case(#""headers":{"connection":"x"}"#, "headers.connection forbidden_header"),
            Case(#""headers":{"Webhook-Foo":"x"}"#, "headers.Webhook-Foo forbidden_header"),
            Case(#""headers":{"x-martlet-foo":"x"}"#, "headers.x-martlet-foo forbidden_header"),
            Case(#""headers":{"x-crystallize-signature":"x"}"#, "headers.x-crystallize-signature forbidden_header"),
            Case(#""headers":{"X-Shopery-Secret":"x"}"#, "headers.X-Shopery-Secret forbidden_header"),
            Case(#""headers":{"a b":"x"}"#, "headers.a b invalid"), Case(#""headers":{"":"x"}"#, "headers. invalid"),
            Case(#""headers":{"a":"x\r\ny"}"#, "headers.a invalid"),
            Case(#""headers":{"a":1}"#, "headers.a wrong_type"),
            Case(#""headers":{"a":null}"#, "headers.a wrong_type"),
            Case(#""headers":{"a":"1","A":"2"}"#, "headers.A duplicate"),
            Case(#""headers":{\#(list(20) { #""h\#($0)":"v""# })}"#),
            Case(#""headers":{\#(list(21) { #""h\#($0)":"v""# })}"#, "headers too_long"),
        ])
    func destination(_ given: Case) throws { #expect(try given.parse().faults == given.faults) }

    @Test(
        "Events",
        arguments: [
            Case(#""events":null"#, "events required"), Case(#""events":[]"#, "events too_short"),
            Case(#""events":"order-created""#, "events wrong_type"), Case(#""events":[1]"#, "events[0] wrong_type"),
            Case(#""events":["order-created","order-creatd"]"#, "events[1] unknown_event"),
            Case(#""events":["*"]"#), Case(#""events":["order-*"]"#),
            Case(#""events":["ordre-*"]"#, "events[0] unknown_event"),
            Case(#""events":["*-created"]"#, "events[0] unknown_event"), Case(#""events":[""]"#, "events[0] too_short"),
            Case(#""events":["webhook-disabled","webhook-failing","webhook-recovered"]"#),
            Case(#""events":[\#(list(100) { _ in #""order-created""# })]"#),
            Case(#""events":[\#(list(101) { _ in #""order-created""# })]"#, "events too_long"),
            Case(#""events":["my-own-thing"]"#, settings: { $0.eventCatalogue = .open }),
            Case(#""events":["my own"]"#, "events[0] unknown_event", settings: { $0.eventCatalogue = .open }),
            Case(#""isEnabled":false"#), Case(#""isEnabled":"yes""#, "isEnabled wrong_type"),
            Case(#""isEnabled":0"#, "isEnabled wrong_type"),
            Case(#""whenDisabled":"discard""#), Case(#""whenDisabled":"drop""#, "whenDisabled unknown_value"),
            Case(#""filter":{"data":{"total":[{"numeric":[">",100]}]}}"#), Case(#""filter":[]"#, "filter wrong_type"),
            Case(#""filter":{}"#, "filter too_short"), Case(#""filter":{"a":1}"#, "filter.a wrong_type"),
            Case(#""filter":{"data":{"total":[{"numeric":[">","x"]}]}}"#, "filter.data.total[0].numeric[1] wrong_type"),
            Case(#""filter":{"a":[{"like":"x"}],"b":[]}"#, "filter.a[0].like unknown_value", "filter.b too_short"),
            Case(#""filter":"x""#, "filter wrong_type"), Case(#""filter":{"a":["\u0000"]}"#, "filter invalid"),
            Case(#""filter":{"a":["\#(letters(4086))"]}"#),
            Case(#""filter":{"a":["\#(letters(4088))"]}"#, "filter too_long"),
        ])
    func events(_ given: Case) throws { #expect(try given.parse().faults == given.faults) }

    @Test(
        "Dressing",
        arguments: [
            Case(#""signatures":["v1"]"#), Case(#""signatures":["v1a","v1","v1"]"#), Case(#""signatures":["v1a"]"#),
            Case(#""signatures":[]"#, "signatures too_short"),
            Case(#""signatures":["v2"]"#, "signatures[0] unknown_value"),
            Case(#""signatures":"v1""#, "signatures wrong_type"),
            Case(#""signatures":["v1a"],"dialect":"crystallize""#, "signatures conflict"),
            Case(#""signatures":["v1"],"dialect":"crystallize""#),
            Case(#""dialect":"shopery""#), Case(#""dialect":"Standard""#, "dialect unknown_value"),
            Case(#""dialect":1"#, "dialect wrong_type"),
            Case(#""payloadQuery":"{ order { id } }""#), Case(#""payloadQuery":{}"#, "payloadQuery wrong_type"),
            Case(#""payloadQuery":"{order}#\#(letters(4088))""#),
            Case(#""payloadQuery":"{order}#\#(letters(4089))""#, "payloadQuery too_long"),
            Case(#""payloadQuery":"{order}#\#(letters(4087))æ""#, "payloadQuery too_long"),
            Case(#""payloadQuery":"""#, "payloadQuery invalid"), Case(#""payloadQuery":"{""#, "payloadQuery invalid"),
            Case(#""preserveDefaultPayload":true"#),
            Case(#""preserveDefaultPayload":1"#, "preserveDefaultPayload wrong_type"),
            Case(#""fields":["id","cart.sku"]"#), Case(#""fields":[]"#, "fields too_short"),
            Case(#""fields":["a..b"]"#, "fields[0] invalid"), Case(#""fields":[".a"]"#, "fields[0] invalid"),
            Case(#""fields":["id"],"payloadQuery":"{order}""#, "fields conflict"),
            Case(#""debounceSeconds":0"#), Case(#""debounceSeconds":86400"#),
            Case(#""debounceSeconds":-1"#, "debounceSeconds out_of_range"),
            Case(#""debounceSeconds":86401"#, "debounceSeconds out_of_range"),
            Case(#""debounceSeconds":"5""#, "debounceSeconds wrong_type"),
            Case(#""format":"cloudevents""#), Case(#""format":"xml""#, "format unknown_value"),
            Case(#""format":"cloudevents","dialect":"shopery""#, "format conflict"),
            Case(#""format":"cloudevents""#, "format conflict", settings: { $0.defaultDialect = .crystallize }),
            Case(#""data":"snapshot""#), Case(#""data":"newest""#, "data unknown_value"),
            Case(#""secret":"whsec_\#(letters(32))""#), Case(#""secret":"whsec_\#(letters(28))""#, "secret invalid"),
            Case(#""secret":"whsec_\#(letters(88))""#, "secret invalid"), Case(#""secret":7"#, "secret wrong_type"),
            Case(#""secret":"visible-ascii-16""#, "secret invalid"), Case(#""secret":"••••1234""#, "secret masked"),
            Case(#""secret":"visible-ascii-16","dialect":"shopery""#),
            Case(#""secret":"visible-ascii15","dialect":"shopery""#, "secret invalid"),
            Case(#""secret":"\#(letters(256))","dialect":"shopery""#),
            Case(#""secret":"\#(letters(257))","dialect":"shopery""#, "secret invalid"),
        ])
    func dressing(_ given: Case) throws { #expect(try given.parse().faults == given.faults) }
}
