/// The `traceparent` header of W3C Trace Context.
enum Traceparent {
    /// The text if it is one; nil for anything else, which the standard says to ignore.
    static func valid(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash else { return nil }
        let version = bytes[0..<2]
        let (trace, parent, flags) = (bytes[3..<35], bytes[36..<52], bytes[53..<55])
        guard [version, trace, parent, flags].allSatisfy({ $0.allSatisfy(isHexadecimal) }),
            trace.contains(where: { $0 != zero }), parent.contains(where: { $0 != zero }),
            !version.elementsEqual("ff".utf8)
        else { return nil }
        // Later versions may have more behind a dash; what is known of them is the first 55 characters.
        let isVersion0 = version.elementsEqual("00".utf8)
        guard bytes.count == 55 || !isVersion0 && bytes.count <= 512 && bytes[55] == dash else { return nil }
        guard bytes.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return nil }
        return text
    }

    private static let dash = UInt8(ascii: "-")
    private static let zero = UInt8(ascii: "0")

    /// Small letters only, as the standard says.
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (zero...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
