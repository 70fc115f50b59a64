/// Which trace a request belongs to, and which span of it made the request: the field `traceparent`.
///
/// Source: www.w3.org/TR/trace-context-1, § 3.2.
public struct Traceparent: Hashable, Sendable {
    /// As it came.
    public let text: String

    /// Nil for anything that is none, which the standard says to ignore.
    public init?(_ text: String) {
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
        self.text = text
    }

    /// 32 hexadecimal digits.
    public var traceID: String { String(text.utf8.dropFirst(3).prefix(32)) ?? "" }

    /// 16 hexadecimal digits: of the span that the request comes from.
    public var spanID: String { String(text.utf8.dropFirst(36).prefix(16)) ?? "" }

    /// Whether whoever began the trace may have recorded it.
    public var isSampled: Bool {
        let digit = text.utf8.dropFirst(54).first ?? zero
        return (digit < UInt8(ascii: "a") ? digit - zero : digit - UInt8(ascii: "a") + 10) & 1 == 1
    }

    /// What a request of ours says that goes on with this trace: the version that we know, the same trace, a span of
    /// our own, and of the flags the one that is defined.
    public func child(span: UInt64) -> Traceparent {
        let digits = String(max(span, 1), radix: 16)  // 0 is no span
        let padded = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return Traceparent(known: "00-\(traceID)-\(padded)-\(isSampled ? "01" : "00")")
    }

    private init(known text: String) { self.text = text }
}

private let dash = UInt8(ascii: "-")
private let zero = UInt8(ascii: "0")

/// Small letters only, as the standard says.
private func isHexadecimal(_ byte: UInt8) -> Bool {
    (zero...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}
