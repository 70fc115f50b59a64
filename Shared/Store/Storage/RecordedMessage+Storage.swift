public import Webhooks

// The history's request and response as `invocations` keeps them: a version byte and the framing, in a StoredPayload.

private let version = 1

extension RecordedRequest {
    /// For `invocations.request`.
    ///
    /// - Parameter data: of the event that was sent: most of the payload is in it, and it is stored already. Nil where
    ///   there is no such event.
    public func stored(besides data: [UInt8]?) -> [UInt8] {
        var frame = FrameWriter()
        frame.append(version)
        frame.append(method.utf8)
        frame.append(url.utf8)
        frame.append(headers)
        frame.append(isTruncated ? 1 : 0)
        frame.append(payload)
        return StoredPayload.encode(frame.bytes, with: data.flatMap(RequestDictionary.bytes) ?? [])
    }

    /// Reads `invocations.request`.
    ///
    /// - Parameter data: asked for where it is needed: `events.data` of the event that was sent, unpacked; nil: the
    ///   event is gone.
    public init(
        stored: [UInt8], data: () throws(StoredPayloadError) -> [UInt8]? = { nil }
    ) throws(StoredPayloadError) {
        let bytes = try StoredPayload.decode(stored) { () throws(StoredPayloadError) in
            try data().flatMap(RequestDictionary.bytes)
        }
        var frame = FrameReader(bytes)
        guard frame.number() == version else { throw .unknownFormat }
        guard let method = frame.text(), let url = frame.text(), let headers = frame.headers(),
            let truncated = frame.number(), let payload = frame.part(), frame.isAtEnd
        else { throw .damaged }
        self.init(method: method, url: url, headers: headers, payload: payload, isTruncated: truncated != 0)
    }
}

extension RecordedResponse {
    /// For `invocations.response`.
    public var stored: [UInt8] {
        var frame = FrameWriter()
        frame.append(version)
        frame.append(headers)
        frame.append(isTruncated ? 1 : 0)
        frame.append(body)
        return StoredPayload.encode(frame.bytes)
    }

    /// Reads `invocations.response`.
    public init(stored: [UInt8]) throws(StoredPayloadError) {
        var frame = FrameReader(try StoredPayload.decode(stored))
        guard frame.number() == version else { throw .unknownFormat }
        guard let headers = frame.headers(), let truncated = frame.number(), let body = frame.part(), frame.isAtEnd
        else { throw .damaged }
        self.init(headers: headers, body: body, isTruncated: truncated != 0)
    }
}

extension FrameWriter {
    fileprivate mutating func append(_ headers: [HeaderField]) {
        append(headers.count)
        for header in headers {
            append(header.name.utf8)
            append(header.value)
        }
    }
}

extension FrameReader {
    fileprivate mutating func headers() -> [HeaderField]? {
        guard let count = number(), count >= 0 else { return nil }
        var headers: [HeaderField] = []
        for _ in 0..<count {  // a count that lies ends with the bytes
            guard let name = text(), let value = part() else { return nil }
            headers.append(HeaderField(name: name, value: value))
        }
        return headers
    }
}
