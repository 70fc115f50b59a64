/// A range of addresses: those that share the first bits with another.
public struct CIDR: Hashable, Sendable {
    let base: IPAddress
    let prefixLength: Int

    /// Reads `10.0.0.0/8`, `fd00::/8` or a single address. Bits beyond the prefix are ignored; a range of mapped IPv6
    /// addresses is the range of IPv4 addresses inside. Nil for anything else.
    public init?(parsing text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        var length = address.width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= address.width
            else { return nil }
            length = number
        }
        if let inner = address.mapped, length >= 96 {
            self.init(inner, length - 96)
        } else {
            self.init(address, length)
        }
    }

    private init(_ address: IPAddress, _ length: Int) {
        let host = address.width - length
        let bits = (address.bits >> UInt128(host)) << UInt128(host)  // a shift by 128 leaves 0
        base = address.family == .v4 ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
        prefixLength = length
    }

    /// Whether `address` lies in the range; an IPv6 address never lies in a range of IPv4.
    public func contains(_ address: IPAddress) -> Bool {
        guard address.family == base.family else { return false }
        return (address.bits ^ base.bits) >> UInt128(base.width - prefixLength) == 0
    }
}

extension CIDR: ExpressibleByStringLiteral {
    /// For ranges written in the program: traps on one that cannot be read.
    public init(stringLiteral text: StaticString) {
        guard let range = CIDR(parsing: text.description) else { preconditionFailure("\(text) is no range") }
        self = range
    }
}

extension CIDR: CustomStringConvertible {
    public var description: String { "\(base)/\(prefixLength)" }
}
