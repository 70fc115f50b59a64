import Dressing
import Webhooks

@testable import IngesterService

extension FuzzTarget {
    private static let now = Instant(microseconds: 1_760_000_000_000_000)

    /// Short texts: headers, ids, times, names.
    static let texts: [FuzzTarget] = [
        FuzzTarget(
            name: "retry-after",
            seeds: [
                "120", "0", "Wed, 21 Oct 2026 07:28:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
            ],
            dictionary: ["GMT", "Feb", "29", "-", "99999999999999999999"]
        ) { input in
            guard let delay = RetryAfter.parse(input, now: now) else { return nil }
            return (.seconds(1) ... .seconds(86_400)).contains(delay) ? nil : "\(delay)"
        },
        FuzzTarget(
            name: "web-url",
            seeds: [
                "https://Example.com:443/a/../%2e/b?x='é", "http://0x7f.1:80", "http://[::FFFF:1.2.3.4]:8080/\\a",
                "http://[0:0:1::]/?", "https://a.?", "http://07f.1:80::80",
            ],
            dictionary: ["..", "%2E", "::", "\\", "@", ":0", "{", "http://"]
        ) { input in
            let once = WebURL.normalForm(of: String(decoding: input, as: UTF8.self))
            return WebURL.normalForm(of: once) == once ? nil : "its normal form has another"
        },
        FuzzTarget(
            name: "crystallize-token",
            seeds: [
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJobWFjIjoiIiwiZXhwIjo0MTAyNDQ0ODAwfQ.AAAA", "a.b.c", "..",
                "eyJhbGciOiJub25lIn0.e30.",
            ],
            dictionary: [".", "e30", "=", "-_"]
        ) { input in
            let token = String(decoding: input, as: UTF8.self)
            let isTrusted = (try? CrystallizeSignature(secret: "secret").verify(token, hmac: "", now: now)) != nil
            return isTrusted ? "a token of nobody's is trusted" : nil
        },
        FuzzTarget(
            name: "time",
            seeds: ["2025-10-07T11:48:45.000Z", "2024-02-29T23:59:60+14:00", "0001-01-01T00:00:00-00:00"],
            dictionary: ["T", "Z", "+23:59", "9999", "0000", ".999999999"]
        ) { input in
            guard let read = Instant(rfc3339: String(decoding: input, as: UTF8.self)) else { return nil }
            let again = Instant(rfc3339: read.rfc3339)
            return again.map { abs($0.microseconds - read.microseconds) < 1000 } ?? false
                ? nil : "written as \(read.rfc3339)"
        },
        FuzzTarget(
            name: "names",
            seeds: [
                "wbh_01HA4XCG60CT4G3EWF4CKYM1MF", "order-created", "order-*", "*", "order.created",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1, t@b=2,c=x y",
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ], dictionary: ["_", "-", "*", "whsk_"]
        ) { input in
            let text = String(decoding: input, as: UTF8.self)
            if let id = Webhook.ID(text), id.description != text.uppercased().replacing("WBH_", with: "wbh_") {
                return "an id of two texts"
            }
            if let secret = StandardWebhooksSecret(text), StandardWebhooksSecret(secret.text) == nil {
                return "a secret"
            }
            _ = (EventPattern(text), EventCatalogue.standard.type(named: text), Tenant.isValidIdentifier(text))
            if let trace = Traceparent(text), Traceparent(trace.child(span: 1).text)?.traceID != trace.traceID {
                return "another trace"
            }
            return Tracestate(text).map { Tracestate($0.text) == $0 } ?? true ? nil : "another tracestate"
        },
    ]
}
