import Glibc

/// The IP addresses that begin with the same bits: `10.0.0.0/24`, `2001:db8::/32`.
struct AddressBlock: Sendable {
    private let address: [UInt8]
    private let length: Int

    /// Nil unless it is an address, a slash, and as many bits as such an address has, or fewer.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...3).contains(parts[1].count), parts[1].allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(String(decoding: parts[1], as: UTF8.self)),
            let address = Array(parts[0]).withUnsafeBufferPointer(Self.address), length <= address.count * 8
        else { return nil }
        self.address = address
        self.length = length
    }

    /// Whether the text is an address of this block; an IPv4 address is in no block of IPv6, however it is written.
    func contains(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let other = Self.address(text), other.count == address.count else { return false }
        let whole = length / 8
        guard other.prefix(whole).elementsEqual(address.prefix(whole)) else { return false }
        let rest = length % 8
        return rest == 0 || (other[whole] ^ address[whole]) >> UInt8(8 - rest) == 0
    }

    /// Four or sixteen bytes.
    private static func address(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count <= 45, !text.contains(0) else { return nil }
        let isSixth = text.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isSixth ? 16 : 4)
        let terminated = text.map { CChar(bitPattern: $0) } + [0]
        return inet_pton(isSixth ? AF_INET6 : AF_INET, terminated, &bytes) == 1 ? bytes : nil
    }
}
