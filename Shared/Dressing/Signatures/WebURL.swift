import Glibc

/// The normal form of an http or https URL, as `new URL(text).href` of browsers and Node.js gives it.
///
/// Only for what a webhook's URL may be: absolute, an ASCII host, no credentials, no fragment, no white space. What is
/// outside of that, or no URL at all, stays as it is.
///
/// Source: url.spec.whatwg.org §§ 3.5, 4.4, 4.5.
public enum WebURL {
    public static func normalForm(of text: String) -> String {
        let bytes = Array(text.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return text }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https", bytes[(colon + 1)...].starts(with: "//".utf8) else { return text }
        let rest = bytes[(colon + 3)...]
        let authority = rest.prefix { !"/\\?#".utf8.contains($0) }
        guard let host = self.host(authority, isSecure: scheme == "https") else { return text }
        let afterAuthority = rest[authority.endIndex...]
        let path = afterAuthority.prefix { $0 != UInt8(ascii: "?") }
        let query = afterAuthority[path.endIndex...]
        return "\(scheme)://\(host)" + self.path(path) + encoded(query, where: isEncodedInQuery)
    }

    /// With the port, unless it is the scheme's own; nil where it is no host.
    private static func host(_ authority: ArraySlice<UInt8>, isSecure: Bool) -> String? {
        guard !authority.isEmpty, !authority.contains(UInt8(ascii: "@")) else { return nil }
        let text = String(decoding: authority, as: UTF8.self).lowercased()
        let portMark = text.last == "]" ? nil : text.lastIndex(of: ":")
        guard let host = hostForm(String(text[..<(portMark ?? text.endIndex)])) else { return nil }
        guard let portMark, case let digits = text[text.index(after: portMark)...], !digits.isEmpty else { return host }
        guard let port = UInt16(digits) else { return nil }
        return port == (isSecure ? 443 : 80) ? host : "\(host):\(port)"
    }

    private static func hostForm(_ host: String) -> String? {
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            return ipv6(String(host.dropFirst().dropLast()))
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !"#/:<>?@[\\]^|%".utf8.contains($0) })
        else { return nil }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last?.isEmpty == true ? labels.dropLast().last : labels.last else { return host }
        let isNumber =
            last.hasPrefix("0x")
            ? last.dropFirst(2).allSatisfy(\.isHexDigit)
            : !last.isEmpty && last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return isNumber ? ipv4(host) : host
    }

    /// Of any of the notations of `inet_aton`, with or without a dot at the end.
    private static func ipv4(_ host: String) -> String? {
        var address = in_addr()
        guard inet_aton(host.hasSuffix(".") ? String(host.dropLast()) : host, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address.s_addr) { $0.map(String.init).joined(separator: ".") }
    }

    /// In brackets; the longest run of two or more zero pieces, the first of equally long ones, is `::`.
    private static func ipv6(_ text: String) -> String? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        let pieces = withUnsafeBytes(of: address) { bytes in
            stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        }
        var longest = 0..<0
        var start = 0
        for place in 0...8 where place == 8 || pieces[place] != 0 {
            if place - start > max(longest.count, 1) { longest = start..<place }
            start = place + 1
        }
        func part(_ range: Range<Int>) -> String {
            pieces[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        if longest.isEmpty { return "[\(part(0..<8))]" }
        return "[\(part(0..<longest.lowerBound))::\(part(longest.upperBound..<8))]"
    }

    /// Backslashes are slashes, `.` and `..` are resolved.
    private static func path(_ path: ArraySlice<UInt8>) -> String {
        var segments: [String] = []
        let parts = path.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        for (place, part) in parts.dropFirst().enumerated() {
            let isLast = place == parts.count - 2
            let segment = encoded(part, where: isEncodedInPath)
            switch segment.lowercased().replacing("%2e", with: ".") {
            case ".": if isLast { segments.append("") }
            case "..":
                _ = segments.popLast()
                if isLast { segments.append("") }
            default: segments.append(segment)
            }
        }
        return "/" + segments.joined(separator: "/")
    }

    private static func encoded(_ text: ArraySlice<UInt8>, where isEncoded: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text {
            if isEncoded(byte) {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isEncodedInPath(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte > 0x7E || "\"#<>?`{}".utf8.contains(byte)
    }

    private static func isEncodedInQuery(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte > 0x7E || "\"#<>'".utf8.contains(byte)
    }
}
