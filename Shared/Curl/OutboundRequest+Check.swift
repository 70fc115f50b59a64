extension OutboundRequest {
    /// Whether the engine would take the request.
    public var isSendable: Bool { fault == nil && URLParts(url) != nil }

    /// Why the request must not be sent; nil when it may. The text quotes no value: it could be a secret.
    ///
    /// A line break in a field or in the URL would let a tenant write fields, or whole requests, of its own.
    var fault: String? {
        guard Method(rawValue: method) != nil else { return "its method is none of POST, PUT, PATCH, GET and DELETE" }
        if let fault = Self.fault(ofURL: url.utf8) { return fault }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenCharacter) else { return "a header name is no token" }
            guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                return "the value of header \(name) has a control character"
            }
            guard !Self.isOwned(name.utf8) else { return "header \(name) is written by the engine" }
        }
        return nil
    }

    enum Method: String { case POST, PUT, PATCH, GET, DELETE }

    private static func fault(ofURL url: String.UTF8View) -> String? {
        guard url.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }) else {
            return "its URL has a blank, a control character or a fragment"
        }
        let schemes: [StaticString] = ["https://", "http://"]
        guard let scheme = schemes.first(where: { hasPrefix(url, $0) }) else {
            return "its URL is not absolute http(s)"
        }
        let authority = url.dropFirst(scheme.utf8CodeUnitCount).prefix {
            $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?")
        }
        guard !authority.isEmpty else { return "its URL has no host" }
        guard !authority.contains(UInt8(ascii: "@")) else { return "its URL has credentials" }
        return nil
    }

    /// The fields that frame the message or belong to the connection.
    private static let owned: [StaticString] = [
        "host", "content-length", "transfer-encoding", "connection", "expect", "te", "trailer", "upgrade",
        "keep-alive", "proxy-connection",
    ]

    private static func isOwned(_ name: String.UTF8View) -> Bool {
        owned.contains { $0.utf8CodeUnitCount == name.count && hasPrefix(name, $0) }
    }

    /// - Parameter prefix: lower-case ASCII.
    private static func hasPrefix(_ text: String.UTF8View, _ prefix: StaticString) -> Bool {
        prefix.withUTF8Buffer { prefix in
            var rest = prefix.makeIterator()
            for byte in text {
                guard let expected = rest.next() else { return true }
                let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
                if (isUpper ? byte | 0x20 : byte) != expected { return false }
            }
            return rest.next() == nil
        }
    }

    /// RFC 9110 § 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        let letters: (UInt64, UInt64) = (0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE)
        return byte < 64 ? letters.0 >> UInt64(byte) & 1 == 1 : byte < 128 && letters.1 >> UInt64(byte - 64) & 1 == 1
    }
}
