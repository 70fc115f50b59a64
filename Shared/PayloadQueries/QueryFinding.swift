/// Something that is wrong with the text of a query, and where.
public struct QueryFinding: Hashable, Sendable, CustomStringConvertible {
    /// From 1; `\n`, `\r\n` and `\r` end a line.
    public let line: Int
    /// From 1, in Unicode scalars.
    public let column: Int
    /// One sentence for people, without the place.
    public let message: String
    /// Whether the text is longer than ``PayloadQuery/maximumBytes``.
    public let isTooLong: Bool

    /// Place and message.
    public var description: String { "Line \(line), column \(column): \(message)" }
}

/// Why a text is no payload query.
public struct QueryFindings: Error, Hashable, Sendable {
    /// In the order of the text; at least one, at most ``most``.
    public let list: [QueryFinding]

    /// So many are named at once.
    public static let most = 10

    init(_ faults: [QueryFault], in text: [UInt8]) {
        var seen: Set<QueryFault> = []
        let sorted = faults.filter { seen.insert($0).inserted }.sorted { $0.offset < $1.offset }
        list = sorted.prefix(Self.most).map { QueryFinding($0, in: text) }
    }
}

/// A finding inside the module: where is still a number of bytes.
struct QueryFault: Error, Hashable {
    let offset: Int
    let message: String
    var isTooLong = false
}

extension QueryFinding {
    fileprivate init(_ fault: QueryFault, in text: [UInt8]) {
        var (line, column) = (1, 1)
        var previous: UInt8 = 0
        for byte in text.prefix(fault.offset) {
            switch byte {
            case UInt8(ascii: "\n") where previous == UInt8(ascii: "\r"): break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): (line, column) = (line + 1, 1)
            case 0x80..<0xC0: break  // goes on with a scalar that is counted
            default: column += 1
            }
            previous = byte
        }
        self.line = line
        self.column = column
        message = fault.message
        isTooLong = fault.isTooLong
    }
}
