import CCurl

/// The header lines of one request as libcurl wants them: a linked list of C texts, in memory that is used again.
struct HeaderList: ~Copyable {
    private var nodes = UnsafeMutableBufferPointer<curl_slist>.allocate(capacity: 16)
    private var text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1024)

    deinit {
        nodes.deallocate()
        text.deallocate()
    }

    /// Fields that libcurl would add by itself. A name without a value leaves one out; where the request has such a
    /// field, that one is sent. Never freed, never written again.
    nonisolated(unsafe) private static let omissions: UnsafeMutablePointer<curl_slist>? = {
        let lines: [String] = ["Expect:", "Accept:", "Content-Type:"]
        return lines.reduce(nil) { list, line in curl_slist_append(list, line) }
    }()

    /// The list; good until the next call. Names and values have no NUL in them.
    mutating func fill(_ headers: [(name: String, value: String)]) -> UnsafeMutablePointer<curl_slist>? {
        let bytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 3 }
        if nodes.count < headers.count {
            nodes.deallocate()
            nodes = .allocate(capacity: headers.count * 2)
        }
        if text.count < bytes {
            text.deallocate()
            text = .allocate(capacity: bytes * 2)
        }
        var end = 0
        for (index, header) in headers.enumerated() {
            let start = end
            append(header.name, &end)
            if header.value.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                text[end] = UInt8(ascii: ";")  // `name:` would mean: leave it out
                end += 1
            } else {
                text[end] = UInt8(ascii: ":")
                text[end + 1] = UInt8(ascii: " ")
                end += 2
                append(header.value, &end)
            }
            text[end] = 0
            end += 1
            let line = UnsafeMutableRawPointer(text.baseAddress! + start).assumingMemoryBound(to: CChar.self)
            let next = index + 1 < headers.count ? nodes.baseAddress! + index + 1 : Self.omissions
            nodes.initializeElement(at: index, to: curl_slist(data: line, next: next))
        }
        return headers.isEmpty ? Self.omissions : nodes.baseAddress
    }

    private func append(_ string: String, _ end: inout Int) {
        end = text[end...].update(fromContentsOf: string.utf8)
    }
}
