import Curl
import HummingbirdCore
import JSON
import Webhooks

@testable import APIService
@testable import Curl

extension FuzzTarget {
    private static let webhook =
        #"{"name":"w","url":"https://test.com/wh","events":["order-created"],"headers":{"A":"b"},"#
        + #""retry":{"schedule":[1,2]},"authentication":{"type":"basic","username":"a","password":"b"},"#
        + #""rateLimit":{"requests":1,"perSeconds":2},"metadata":{"a":"b"}}"#
    private static let rules = WebhookRules(
        catalogue: .standard, settings: TenantSettings(), addresses: AddressPolicy())

    /// Bodies and queries of the API, and heads of what receivers answer.
    static let requests: [FuzzTarget] = [
        FuzzTarget(
            name: "webhook",
            seeds: [webhook, #"{"fields":["a.b"],"format":"cloudevents"}"#, #"{"signatures":["v1a"]}"#],
            dictionary: [#""timeoutMs":1e300"#, #""url":"http://0x7f.1""#, #""secret":"whsec_""#, "null", "••••"]
        ) { input in
            guard let document = try? JSONDocument(parsing: input) else { return nil }
            let faults = Faults()
            let read = WebhookInput(document.root, rules: rules, stored: nil, faults: faults)
            guard (read == nil) != faults.isEmpty else { return "faults and a value" }
            guard let base = try? JSONDocument(parsing: Array(webhook.utf8)) else { return "no base" }
            let merged = MergePatch.merge(document.root, into: base.root)
            return (try? JSONDocument(parsing: merged)) == nil ? "a merge that is no JSON" : nil
        },
        FuzzTarget(
            name: "query",
            seeds: ["/a?limit=3&cursor=x&search=%25_", "/?a=b&a=c", "?", "/a?created_at_min=2025-10-07T11:48:45Z"],
            dictionary: ["%", "&", "=", "+", "%C3", "limit", "created_at_max"]
        ) { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let query = try? QueryParameters(URI(text)) else { return nil }
            _ = try? query.instants("created_at")
            let limit = (try? query.integer("limit", in: 1...100, default: 30)) ?? 30
            return (1...100).contains(limit) ? nil : "limit \(limit)"
        },
        FuzzTarget(
            name: "header", seeds: ["x-a", "AUTH_TOKEN", "host", "content-length", "a\r\nb"], dictionary: ["\r", ":"]
        ) { input in
            let text = String(decoding: input, as: UTF8.self)
            var request = OutboundRequest(method: "GET", url: "https://a.example/")
            request.headers = [(text, "")]
            if request.isSendable, !HeaderRules.isName(text), text.utf8.count <= 128 {
                return "sent, and refused when saved"
            }
            request.headers = [("x", text)]
            let breaks = text.utf8.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
            return request.isSendable && breaks || HeaderRules.isValue(text) && breaks ? "a line break" : nil
        },
        FuzzTarget(
            name: "head",
            seeds: [
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 \r\nRetry-After: 1\r\n\r\n",
            ],
            dictionary: ["\r\n", ": ", "\t", "HTTP/1.1 "]
        ) { input in
            var head = ResponseHead()
            for line in input.split(separator: 0x0A, omittingEmptySubsequences: false) {
                guard (Array(line) + [0x0A]).withUnsafeBytes({ head.append($0) }) else { break }
            }
            return head.fields().allSatisfy { !$0.name.isEmpty } ? nil : "a field without a name"
        },
    ]
}
