/// One header field as it went over the wire; the name in lower case.
public struct HeaderField: Hashable, Sendable {
    public let name: String
    public let value: [UInt8]
    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
    public init(_ name: String, _ value: String) { self.init(name: name, value: Array(value.utf8)) }
}

/// The request of an invocation, as kept in its history: secrets of `authentication` are masked before it is made.
public struct RecordedRequest: Hashable, Sendable {
    /// Bytes of a body that are kept: 16 KiB.
    public static let payloadLimit = 16 * 1024

    public let method: String
    public let url: String
    public let headers: [HeaderField]
    /// At most ``payloadLimit`` bytes.
    public let payload: [UInt8]
    public let isTruncated: Bool

    public init(method: String, url: String, headers: [HeaderField], payload: [UInt8], isTruncated: Bool) {
        self.method = method
        self.url = url
        self.headers = headers
        self.payload = payload
        self.isTruncated = isTruncated
    }
}

/// The answer of an invocation, as kept in its history. Every byte of it is a stranger's.
public struct RecordedResponse: Hashable, Sendable {
    public let headers: [HeaderField]
    /// At most ``RecordedRequest/payloadLimit`` bytes.
    public let body: [UInt8]
    public let isTruncated: Bool

    public init(headers: [HeaderField], body: [UInt8], isTruncated: Bool) {
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
    }
}
