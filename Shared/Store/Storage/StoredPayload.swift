internal import LZ4

/// What is wrong with bytes that were read from a payload column.
public enum StoredPayloadError: Error, Sendable, Equatable {
    /// No bytes, or a first byte that no version of Martlet writes.
    case unknownFormat
    /// The bytes end too early, or the block does not give what its length says.
    case damaged
    /// The length is above what any column may hold.
    case tooLarge
    /// It was packed with a dictionary that is not at hand.
    case withoutDictionary
}

/// The form of payload columns (`events.data`, `invocations.request`, …): a byte that says how, then the bytes.
///
/// 0: as they are. 1: four bytes of length, most significant first, then an LZ4 block; only where that is smaller.
/// 2: the same, the block made with a dictionary that is kept elsewhere.
public enum StoredPayload {
    /// Bytes that a column may hold at most, unpacked: 16 MiB.
    public static let maximumSize = 16 << 20
    /// Shorter ones are not worth an attempt.
    static let worthwhile = 64

    private static let plain: UInt8 = 0
    private static let block: UInt8 = 1
    private static let dictionaryBlock: UInt8 = 2

    /// The form in which `bytes` are stored.
    ///
    /// - Parameter dictionary: whoever reads them must have it.
    public static func encode(_ bytes: [UInt8], with dictionary: [UInt8] = []) -> [UInt8] {
        if bytes.count >= worthwhile,
            let packed = bytes.withUnsafeBytes({
                LZ4Block.compress($0, with: dictionary, smallerThan: bytes.count - 4)
            })
        {
            var stored: [UInt8] = [dictionary.isEmpty ? block : dictionaryBlock]
            stored.reserveCapacity(packed.count + 5)
            withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { stored.append(contentsOf: $0) }
            stored.append(contentsOf: packed)
            return stored
        }
        var stored: [UInt8] = [plain]
        stored.reserveCapacity(bytes.count + 1)
        stored.append(contentsOf: bytes)
        return stored
    }

    /// The bytes that were stored as `stored`. Whatever it holds, this neither traps nor asks for memory without bound.
    ///
    /// - Parameter dictionary: asked for where it is needed; nil: it is gone.
    public static func decode(
        _ stored: [UInt8], with dictionary: () throws(StoredPayloadError) -> [UInt8]? = { nil }
    ) throws(StoredPayloadError) -> [UInt8] {
        switch stored.first {
        case plain: return Array(stored.dropFirst())
        case block, dictionaryBlock:
            guard stored.count > 5 else { throw .damaged }
            let size = stored[1..<5].reduce(0) { $0 << 8 | Int($1) }
            guard size <= maximumSize else { throw .tooLarge }
            var words: [UInt8] = []
            if stored[0] == dictionaryBlock {
                guard let known = try dictionary() else { throw .withoutDictionary }
                words = known
            }
            let bytes = stored.withUnsafeBytes {
                LZ4Block.decompress(UnsafeRawBufferPointer(rebasing: $0[5...]), with: words, size: size)
            }
            guard let bytes else { throw .damaged }
            return bytes
        default: throw .unknownFormat
        }
    }
}
