import CLZ4

/// Blocks of the LZ4 block format: small, fast, without a header. Whoever keeps one keeps its original size beside it.
public enum LZ4Block {
    /// Original bytes that a block may hold at most.
    public static let maximumSize = Int(LZ4_MAX_INPUT_SIZE)

    /// The block of `bytes`; nil where it would not be smaller than `limit` bytes.
    public static func compress(_ bytes: UnsafeRawBufferPointer, smallerThan limit: Int) -> [UInt8]? {
        guard limit > 1, bytes.count <= maximumSize else { return nil }
        let capacity = min(limit - 1, Int(LZ4_compressBound(CInt(bytes.count))))
        let block = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { target in
                bytes.withMemoryRebound(to: CChar.self) { source in
                    Int(LZ4_compress_default(source.baseAddress, target.baseAddress, CInt(bytes.count), CInt(capacity)))
                }
            }
        }
        return block.isEmpty ? nil : block
    }

    /// The original bytes of `block`, of which there are exactly `size`; nil where the block is no such thing.
    ///
    /// Never reads or writes outside what it is given, whatever the block says.
    public static func decompress(_ block: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        guard size >= 0, size <= maximumSize, block.count <= Int(CInt.max) else { return nil }
        // A byte of a block stands for 255 original ones at most: more is a lie, and memory is not asked for.
        guard size / 255 <= block.count else { return nil }
        var isWhole = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let written = buffer.withMemoryRebound(to: CChar.self) { target in
                block.withMemoryRebound(to: CChar.self) { source in
                    Int(LZ4_decompress_safe(source.baseAddress, target.baseAddress, CInt(block.count), CInt(size)))
                }
            }
            isWhole = written == size
            count = max(0, written)
        }
        return isWhole ? bytes : nil
    }
}
