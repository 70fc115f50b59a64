/// The payload of a GET: members appended to the URL's query.
enum QueryText {
    /// `name=value&…`, percent-encoded but for RFC 3986's unreserved characters.
    static func text(of members: [PayloadMember]) -> [UInt8] {
        var text: [UInt8] = []
        for member in members {
            if !text.isEmpty { text.append(UInt8(ascii: "&")) }
            appendEncoded(member.name.utf8, to: &text)
            text.append(UInt8(ascii: "="))
            appendEncoded(member.queryText.utf8, to: &text)
        }
        return text
    }

    /// - Parameter url: without a fragment.
    static func append(_ text: [UInt8], to url: String) -> String {
        guard !text.isEmpty else { return url }
        let query = String(decoding: text, as: UTF8.self)
        guard let mark = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "\(url)?\(query)" }
        let isOpen = url.utf8.index(after: mark) == url.utf8.endIndex || url.utf8.last == UInt8(ascii: "&")
        return isOpen ? url + query : "\(url)&\(query)"
    }

    /// The decoded names in a URL's query.
    static func names(in url: String) -> Set<String> { Set(members(of: url).map(\.name)) }

    /// The decoded members of a URL's query, as `application/x-www-form-urlencoded` has them.
    static func members(of url: String) -> [(name: String, value: String)] {
        guard let mark = url.utf8.firstIndex(of: UInt8(ascii: "?")) else { return [] }
        let query = url.utf8[url.utf8.index(after: mark)...].prefix { $0 != UInt8(ascii: "#") }
        return query.split(separator: UInt8(ascii: "&")).map { member in
            let name = member.prefix { $0 != UInt8(ascii: "=") }
            return (decoded(name), decoded(member[name.endIndex...].dropFirst()))
        }
    }

    static func appendEncoded(_ value: some Sequence<UInt8>, to text: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in value {
            if isUnreserved(byte) {
                text.append(byte)
            } else {
                text.append(UInt8(ascii: "%"))
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func decoded(_ text: some Collection<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let decoded = UInt8(hexadecimal: rest.prefix(2)) {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    /// Nil unless the text is two digits of base 16.
    fileprivate init?(hexadecimal text: some Collection<UInt8>) {
        let characters = text.map { Character(Unicode.Scalar($0)) }
        guard characters.count == 2, let high = characters[0].hexDigitValue, let low = characters[1].hexDigitValue
        else { return nil }
        self = UInt8(high << 4 | low)
    }
}
