import Glibc

extension [UInt8] {
    /// Appends an integer in network byte order.
    @inlinable
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Overwrites four bytes that exist.
    @inlinable
    mutating func storeBigEndian(_ value: Int32, at index: Int) {
        precondition(index >= 0 && index + 4 <= count)
        withUnsafeMutableBytes { $0.storeBytes(of: value.bigEndian, toByteOffset: index, as: Int32.self) }
    }

    func containsNUL(from start: Int) -> Bool {
        guard start < count else { return false }
        return withUnsafeBytes { memchr($0.baseAddress! + start, 0, count - start) != nil }
    }
}
