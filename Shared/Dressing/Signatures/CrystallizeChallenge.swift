import Crypto
import JSON

/// What a request of dialect `crystallize` is hashed by: `JSON.stringify({url, method, body})`.
public struct CrystallizeChallenge: Sendable {
    private let url: String
    /// `{"url":…,"method":…,"body":`
    private let head: [UInt8]

    /// - Parameters:
    ///   - url: hashed as given; of what Martlet sends ``WebURL/normalForm(of:)``.
    ///   - method: in upper case.
    public init(url: String, method: String) {
        self.url = url
        var writer = JSONWriter(capacity: url.utf8.count + 64)
        writer.beginObject()
        writer.member("url", url)
        writer.member("method", method)
        writer.name("body")
        head = writer.bytes
    }

    /// - Parameter body: JSON text; nothing counts as `null`. Nil where it is no JSON.
    public func hmac(body: [UInt8]) -> String? {
        guard !body.isEmpty else { return hmac(canonicalBody: Array("null".utf8)) }
        return PayloadMember.root(of: body).map { hmac(canonicalBody: $0.ecmaScriptBytes) }
    }

    /// Of a GET that came: the members that its URL has and the webhook's has not were appended.
    public func hmac(receivedURL: String) -> String {
        let taken = QueryText.names(in: url)
        return hmac(queryMembers: QueryText.members(of: receivedURL).filter { !taken.contains($0.name) })
    }

    /// Of a GET: the members that were appended to the webhook's URL, decoded; without any the body is `null`.
    ///
    /// A member `__proto__` does not count: receivers set members one by one, and setting that one adds none.
    public func hmac(queryMembers: [(name: String, value: String)]) -> String {
        let members = queryMembers.filter { $0.name != "__proto__" }
        guard !members.isEmpty else { return hmac(canonicalBody: Array("null".utf8)) }
        let text = PayloadMember.text(of: members.map { PayloadMember($0.name, $0.value) })
        return hmac(canonicalBody: PayloadMember.root(of: text)?.ecmaScriptBytes ?? text)
    }

    /// - Parameter body: as ``JSON/JSONValue/ecmaScriptBytes`` writes it.
    func hmac(canonicalBody body: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(data: head)
        hash.update(data: body)
        hash.update(data: [UInt8(ascii: "}")])
        return Hexadecimal.text(of: hash.finalize())
    }
}
