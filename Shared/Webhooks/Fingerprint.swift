import Crypto

/// The first 16 bytes of a SHA-256: what the tables hold of keys, contents and resources, as a `uuid`.
public struct Fingerprint: Hashable, Comparable, Sendable {
    /// The 16 bytes, the first one the most significant.
    public let value: UInt128

    public init(_ value: UInt128) { self.value = value }

    /// Of the parts one after the other, as they are: whoever needs to tell where one ends puts a separator between.
    public init(of parts: some Sequence<some Sequence<UInt8>>) {
        var hash = SHA256()
        for part in parts {
            let isWhole: Void? = part.withContiguousStorageIfAvailable { hash.update(bufferPointer: .init($0)) }
            if isWhole == nil { hash.update(data: Array(part)) }
        }
        value = hash.finalize().withUnsafeBytes { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
    }

    /// Of a resource: SHA-256(resource ‖ 0 ‖ resourceId).
    public init(resource: String, id: String) { self.init(of: [Array(resource.utf8), [0], Array(id.utf8)]) }

    /// Of an event's id: its 16 bytes. Stands in for a resource where the event has none.
    public init(of id: Event.ID) {
        self.init(of: [withUnsafeBytes(of: id.ulid.value.bigEndian) { Array($0) }])
    }

    /// The first 8 bytes as a signed number: the order key of `ordering: resource`.
    public var orderKey: Int64 { Int64(truncatingIfNeeded: value >> 64) }

    public static func < (one: Self, other: Self) -> Bool { one.value < other.value }
}
