import EventPatterns
import JSON
import Webhooks

@testable import IngesterService
@testable import Sending

extension FuzzTarget {
    private static let order =
        #"{"type":"order-created","id":"a","occurredAt":"2025-10-07T11:48:45.000Z","#
        + #""data":{"id":"o","n":[10.1125,-0,1e5]},"related":{"a":null}}"#
    private static let cloudEvent =
        #"{"specversion":"1.0","id":"a","source":"/s","type":"order-created","subject":"o","#
        + #""time":"2025-10-07T11:48:45.000Z","datacontenttype":"application/json","data":{"id":"o"}}"#
    private static let words = [
        #""type""#, #""data""#, #""id""#, "order-created", #""occurredAt""#, "{}", "[]", "\\ud83d\\ude00",
    ]
    private static let reader = EventReader(
        catalogue: .standard, takesAnyType: true, traceparent: nil, idempotencyKey: nil)

    /// JSON texts, envelopes, lines.
    static let documents: [FuzzTarget] = [
        FuzzTarget(
            name: "json",
            seeds: [order, "[]", "-0.5e-7", "\"\\u00e5\\n\"", "[[[[]]]]", "{\"a\":{\"a\":1}}", " null ", "\u{FEFF}{}"],
            dictionary: words
        ) { input in
            guard let document = try? JSONDocument(parsing: input) else { return nil }
            let compact = document.root.compactBytes
            guard let again = try? JSONDocument(parsing: compact) else { return "its compact text is no JSON" }
            guard again.root.compactBytes == compact else { return "its compact text is not compact" }
            _ = document.root.canonicalBytes
            let stringified = document.root.ecmaScriptBytes
            guard let last = try? JSONDocument(parsing: stringified) else { return "stringified it is no JSON" }
            return last.root.ecmaScriptBytes == stringified ? nil : "stringified it is no fixed point"
        },
        FuzzTarget(name: "envelope", seeds: [order, "[\(order),\(order)]", "[]", "{}"], dictionary: words) { input in
            guard let read = try? reader.read(input, as: .json) else { return nil }
            return read.events.isEmpty ? "nothing was read" : nil
        },
        FuzzTarget(
            name: "cloudevent",
            seeds: [cloudEvent, "[\(cloudEvent)]", "{}"],
            dictionary: words + [#""source""#, #""specversion":"1.0""#, #""subject""#, #""data_base64""#]
        ) { input in
            _ = try? reader.read(input, as: .cloudEvents)
            _ = try? reader.read(input, as: .binary(["specversion": "1.0", "id": "a", "source": "/", "type": "t"]))
            guard let read = try? reader.read(input, as: .cloudEvent) else { return nil }
            return read.events.count == 1 && read.events[0].key != nil ? nil : "not one event with a key"
        },
        FuzzTarget(name: "ndjson", seeds: ["\(order)\n\(order)\r\n", "\n\n", order], dictionary: words + ["\n"]) {
            input in
            guard let read = try? reader.read(input, as: .lines) else { return nil }
            return read.events.isEmpty || read.events.count > 1000 ? "\(read.events.count) events" : nil
        },
        FuzzTarget(
            name: "filter",
            seeds: [
                #"{"type":["order-created"],"data":{"total":[{"numeric":[">",0,"<=",5]}],"a":[{"exists":false}]}}"#,
                #"{"$or":[{"data":{"n":[10.1125,null,true]}},{"related":{"a":[{"anything-but":["x","y"]}]}}]}"#,
                #"{"id":[{"prefix":{"equals-ignore-case":"A"}},{"cidr":"10.0.0.0/8"},{"cidr":"2001:db8::/33"}]}"#,
                #"{"data":{"id":[{"wildcard":"*a\\*b*"},{"anything-but":{"wildcard":["a*","*b"]}}]}}"#,
                #"{"data":[{"anything-but":{"suffix":"x"}},{"suffix":{"equals-ignore-case":"Straße"}}]}"#,
            ],
            dictionary: words + [
                #""exists""#, #""numeric""#, #""wildcard""#, #""prefix""#, #""cidr""#, #""anything-but""#,
                #""equals-ignore-case""#, #""$or""#, #""=""#, "**", "::/0", "ı",
            ]
        ) { input in
            guard let filter = try? EventFilter(text: input) else { return nil }
            guard filter.text.count <= EventFilter.sizeLimit else { return "too long" }
            guard let again = try? EventFilter(text: filter.text) else { return "its own text is none" }
            // The pattern is a document too, with all of its own names in it.
            let events = [order, String(decoding: filter.text, as: UTF8.self), "{}"]
            let documents = events.compactMap { try? JSONDocument(parsing: Array($0.utf8)).root }
            return documents.allSatisfy { filter.matches($0) == again.matches($0) } ? nil : "it does not stay the same"
        },
        FuzzTarget(
            name: "authentication",
            seeds: [
                #"{"type":"bearer","token":"t"}"#, #"{"type":"basic","username":"a","password":"b"}"#,
                #"{"type":"oauth2","tokenURL":"https://a","clientId":"c","clientSecret":"s","scope":"x"}"#,
                #"{"access_token":"a","token_type":"Bearer","expires_in":3600}"#,
            ], dictionary: ["access_token", "expires_in", "1e400"]
        ) { input in
            if let value = WebhookAuthentication(json: input), WebhookAuthentication(json: value.json) != value {
                return "another comes back"
            }
            guard let token = TokenAnswer.token(input) else { return nil }
            let isPlain = token.text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            return isPlain && (Duration.zero ... .seconds(86_400)).contains(token.lifetime) ? nil : "a strange token"
        },
    ]
}
