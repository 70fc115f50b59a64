import Glibc

/// An IPv4 or IPv6 address as a number.
public struct IPAddress: Hashable, Sendable {
    enum Family: Hashable, Sendable { case v4, v6 }

    let family: Family
    /// The address as a number; of an IPv4 address the low 32 bits.
    let bits: UInt128

    init(v4: UInt32) {
        family = .v4
        bits = UInt128(v4)
    }

    init(v6: UInt128) {
        family = .v6
        bits = v6
    }

    /// Bits of an address of its family: 32 or 128.
    var width: Int { family == .v4 ? 32 : 128 }

    /// What a socket address names; nil for anything but IPv4 and IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch CInt(address.pointee.sa_family) {
        case AF_INET: self.init(v4: UInt32(bigEndian: raw.load(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6: self.init(v6: UInt128(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt128.self)))
        default: return nil
        }
    }
}

extension IPAddress: LosslessStringConvertible {
    /// Reads the strict notations: four decimal numbers, or RFC 4291 without brackets and zone.
    public init?(_ text: String) {
        guard !text.utf8.contains(0) else { return nil }  // the C function would stop there
        var v4: UInt32 = 0
        var v6: UInt128 = 0
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4))
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(v6: UInt128(bigEndian: v6))
        } else {
            return nil
        }
    }

    public var description: String {
        guard family == .v6 else { return (0..<4).map { "\((bits >> (24 - 8 * $0)) & 0xFF)" }.joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var address = bits.bigEndian
        inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
