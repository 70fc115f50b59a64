/// The URL that a tenant gives as a destination, taken apart by the narrow reading that every client shares.
///
/// What parsers disagree about (a backslash in the authority, a percent-encoded host, white space, credentials) is
/// refused, so that the host judged here is the host dialled later. The text itself is kept and sent as it came.
struct DestinationURL: Hashable {
    enum Scheme: String { case http, https }

    /// Why a text is no destination: a code and a sentence.
    struct Rejection: Error, Hashable {
        let detail: String
        init(_ detail: String) { self.detail = detail }
    }

    let scheme: Scheme
    /// In lower case; IPv6 addresses without their brackets.
    let host: String
    let isBracketed: Bool
    /// Nil: the scheme's own.
    let port: UInt16?

    init(parsing text: String) throws(Rejection) {
        let bytes = Array(text.utf8)
        guard !bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw Rejection("A URL holds no white space and no control characters.")
        }
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let scheme = Scheme(rawValue: String(decoding: bytes[..<colon], as: UTF8.self).lowercased())
        else { throw Rejection("An absolute URL with the scheme https or http is needed.") }
        guard bytes[(colon + 1)...].starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) else {
            throw Rejection("After the scheme come two slashes and a host.")
        }
        guard !bytes.contains(UInt8(ascii: "#")) else { throw Rejection("A URL with a fragment is refused.") }
        let rest = bytes[(colon + 3)...]
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw Rejection("A URL with credentials is refused; use `authentication`.")
        }
        self.scheme = scheme
        (host, isBracketed, port) = try Self.splitAuthority(authority)
    }

    private static func splitAuthority(_ authority: ArraySlice<UInt8>) throws(Rejection) -> (String, Bool, UInt16?) {
        guard let first = authority.first else { throw Rejection("The host is missing.") }
        if first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw Rejection("`[` without `]`.") }
            let address = authority[(authority.startIndex + 1)..<end]
            let isPlain = address.allSatisfy { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") || isHexDigit($0) }
            guard !address.isEmpty, isPlain else { throw Rejection("Between brackets stands an IPv6 address.") }
            return (text(address), true, try port(authority[(end + 1)...]))
        }
        let name = authority.prefix { $0 != UInt8(ascii: ":") }
        let host = text(name)
        guard isName(name) else {
            throw Rejection("`\(host)` is no host name; write international names in their ASCII form (xn--…).")
        }
        return (host, false, try port(authority[name.endIndex...]))
    }

    /// - Parameter text: empty, or a colon and a number of 1–65535.
    private static func port(_ text: ArraySlice<UInt8>) throws(Rejection) -> UInt16? {
        guard let colon = text.first else { return nil }
        let digits = text.dropFirst()
        guard colon == UInt8(ascii: ":"), !digits.isEmpty, digits.allSatisfy(isDigit),
            let port = UInt16(self.text(digits)), port > 0
        else { throw Rejection("A port is a number from 1 to 65535.") }
        return port
    }

    /// Labels of letters, digits, hyphens and underscores, 1–63 each, 253 in all, one trailing dot allowed.
    private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
        let name = name.last == UInt8(ascii: ".") ? name.dropLast() : name
        guard (1...253).contains(name.count) else { return false }
        return name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self).lowercased()
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
