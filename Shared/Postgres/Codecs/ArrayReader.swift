/// Walks PostgreSQL's binary form of a one-dimensional array without copying it.
@usableFromInline
struct ArrayReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset: Int
    private var left: Int
    let count: Int
    let elementType: UInt32

    /// Nil when the bytes are no array, or one of several dimensions.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 12 else { return nil }
        self.bytes = bytes
        elementType = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        switch Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)) {
        case 0:
            (count, left, offset) = (0, 0, 12)
        case 1:
            guard bytes.count >= 20 else { return nil }
            let size = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: 12, as: Int32.self)))
            guard size >= 0, size <= (bytes.count - 20) / 4 else { return nil }  // an element is at least its length
            (count, left, offset) = (size, size, 20)
        default: return nil
        }
    }

    var hasNext: Bool { left > 0 }

    /// The next element, a nil inside for a null; nil itself when the bytes end too early.
    mutating func next() -> UnsafeRawBufferPointer?? {
        guard left > 0, offset + 4 <= bytes.count else { return nil }
        let length = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)))
        left -= 1
        offset += 4
        if length == -1 { return .some(nil) }
        guard length >= 0, length <= bytes.count - offset else { return nil }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length])
    }
}
