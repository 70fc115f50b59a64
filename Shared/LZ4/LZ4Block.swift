import CLZ4

/// Blocks of the LZ4 block format: small, fast, without a header. Whoever keeps one keeps its original size beside it.
public enum LZ4Block {
    /// Original bytes that a block may hold at most.
    public static let maximumSize = Int(LZ4_MAX_INPUT_SIZE)
    /// Bytes of a dictionary that count: the last ones.
    public static let dictionarySize = 64 << 10

    /// The block of `bytes`; nil where it would not be smaller than `limit` bytes.
    ///
    /// - Parameter dictionary: bytes that `bytes` has much in common with; the same are needed to read the block.
    public static func compress(
        _ bytes: UnsafeRawBufferPointer, with dictionary: [UInt8] = [], smallerThan limit: Int
    ) -> [UInt8]? {
        guard limit > 1, bytes.count <= maximumSize else { return nil }
        let capacity = min(limit - 1, Int(LZ4_compressBound(CInt(bytes.count))))
        let block = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { target in
                bytes.withMemoryRebound(to: CChar.self) { source in
                    compress(source, into: target, capacity: capacity, dictionary)
                }
            }
        }
        return block.isEmpty ? nil : block
    }

    private static func compress(
        _ source: UnsafeBufferPointer<CChar>, into target: UnsafeMutableBufferPointer<CChar>, capacity: Int,
        _ dictionary: [UInt8]
    ) -> Int {
        let size = CInt(source.count)
        guard !dictionary.isEmpty else {
            return Int(LZ4_compress_default(source.baseAddress, target.baseAddress, size, CInt(capacity)))
        }
        let last = dictionary.suffix(dictionarySize)
        return withUnsafeTemporaryAllocation(of: LZ4_stream_t.self, capacity: 1) { streams in
            let stream = LZ4_initStream(streams.baseAddress, MemoryLayout<LZ4_stream_t>.size)
            return last.withUnsafeBytes { last in
                last.withMemoryRebound(to: CChar.self) { last in
                    _ = LZ4_loadDict(stream, last.baseAddress, CInt(last.count))
                    return Int(
                        LZ4_compress_fast_continue(
                            stream, source.baseAddress, target.baseAddress, size, CInt(capacity), 1))
                }
            }
        }
    }

    /// The original bytes of `block`, of which there are exactly `size`; nil where the block is no such thing.
    ///
    /// Never reads or writes outside what it is given, whatever the block says.
    ///
    /// - Parameter dictionary: the one that it was made with.
    public static func decompress(_ block: UnsafeRawBufferPointer, with dictionary: [UInt8] = [], size: Int) -> [UInt8]?
    {
        guard size >= 0, size <= maximumSize, block.count <= Int(CInt.max) else { return nil }
        // A byte of a block stands for 255 original ones at most: more is a lie, and memory is not asked for.
        guard size / 255 <= block.count else { return nil }
        let last = dictionary.suffix(dictionarySize)
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let written = buffer.withMemoryRebound(to: CChar.self) { target in
                block.withMemoryRebound(to: CChar.self) { source in
                    last.withUnsafeBytes { last in
                        last.withMemoryRebound(to: CChar.self) { last in
                            Int(
                                LZ4_decompress_safe_usingDict(
                                    source.baseAddress, target.baseAddress, CInt(block.count), CInt(size),
                                    last.baseAddress, CInt(last.count)))
                        }
                    }
                }
            }
            isWhole = written == size
            count = max(0, written)
        }
        return isWhole ? bytes : nil
    }
}
