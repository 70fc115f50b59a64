import Glibc

/// The host of a URL where it needs no look-up: an address in any notation that a resolver takes, or `localhost`.
public struct HostAddress: Sendable, Hashable {
    /// What the host stands for; of `localhost` both loopback addresses.
    public let addresses: [IPAddress]

    /// Reads the notations of `inet_aton` (`10.1`, `0xa000001`, `017700000001`), IPv6 with or without brackets and
    /// zone, and the names of the loopback interface; case and a trailing dot do not matter. Nil for every other name.
    public init?(parsing host: String) {
        var text = host.lowercased()
        if text.hasPrefix("[") && text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        if text.contains(":") {
            let address = text.prefix { $0 != "%" }  // the zone only says through which interface
            guard let v6 = IPAddress(String(address)), v6.family == .v6 else { return nil }
            addresses = [v6]
            return
        }
        if text.hasSuffix(".") { text.removeLast() }
        if let v4 = Self.number(text) {
            addresses = [IPAddress(v4: v4)]
        } else if Self.loopbackNames.contains(text) || text.hasSuffix(".localhost") {
            addresses = [IPAddress(v4: 0x7F00_0001), IPAddress(v6: 1)]
        } else {
            return nil
        }
    }

    /// `localhost` (RFC 6761 § 6.3) and what hosts files call the same.
    private static let loopbackNames: Set<String> = [
        "localhost", "localhost.localdomain", "localhost6", "localhost6.localdomain6", "ip6-localhost", "ip6-loopback",
    ]

    /// One to four parts, each decimal, octal (`0…`) or hexadecimal (`0x…`); the last fills the bytes that are left.
    private static func number(_ text: String) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...4).contains(parts.count) else { return nil }
        var value: UInt64 = 0
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            let width = isLast ? 8 * (5 - parts.count) : 8
            guard let number = partNumber(part), number >> UInt64(width) == 0 else { return nil }
            value = value << UInt64(width) | number
        }
        return UInt32(truncatingIfNeeded: value)
    }

    private static func partNumber(_ part: Substring) -> UInt64? {
        let (digits, radix): (Substring, Int) =
            part.hasPrefix("0x") ? (part.dropFirst(2), 16) : part.hasPrefix("0") ? (part.dropFirst(), 8) : (part, 10)
        if digits.isEmpty { return radix == 10 ? nil : 0 }  // `0` and, as browsers have it, `0x`
        guard digits.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return UInt64(digits, radix: radix)
    }
}
