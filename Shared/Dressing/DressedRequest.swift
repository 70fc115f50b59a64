public import Webhooks

/// A request ready to go: nothing is added to it but what the connection needs.
public struct DressedRequest: Sendable {
    /// In upper case.
    public let method: String
    /// Absolute; of a GET with the payload in its query.
    public let url: String
    /// In the order and the spelling in which they are sent; no name twice.
    public let headers: [(name: String, value: String)]
    /// Nil for GET.
    public let body: [UInt8]?

    /// The same with an access token.
    public func bearing(_ token: String) -> DressedRequest {
        DressedRequest(
            method: method, url: url, headers: headers + [("authorization", "Bearer \(token)")], body: body)
    }

    /// What history keeps of it: names in lower case, secrets of `authentication` and of the dialect
    /// masked, payload and URL cut at ``RecordedRequest/payloadLimit`` bytes where no character is parted.
    public func recorded(for webhook: PreparedWebhook) -> RecordedRequest {
        let payload = body ?? []
        let limit = RecordedRequest.payloadLimit
        let isLongURL = url.utf8.count > limit
        return RecordedRequest(
            method: method, url: isLongURL ? Self.cut(url, at: limit) : url,
            headers: headers.map { field in
                HeaderField(field.name.lowercased(), webhook.masks[field.name] ?? field.value)
            },
            payload: Array(payload[..<Self.end(of: payload, limit: limit)]),
            isTruncated: payload.count > limit || isLongURL)
    }

    private static func cut(_ text: String, at limit: Int) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: bytes[..<end(of: bytes, limit: limit)], as: UTF8.self)
    }

    /// The greatest number of bytes within `limit` that parts no UTF-8 character.
    private static func end(of bytes: [UInt8], limit: Int) -> Int {
        guard bytes.count > limit else { return bytes.count }
        var end = limit
        while end > max(0, limit - 3), bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return bytes[end] & 0xC0 == 0x80 ? limit : end
    }
}
