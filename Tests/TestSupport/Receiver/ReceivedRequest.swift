/// A request as it came over the wire.
public struct ReceivedRequest: Sendable {
    /// The place among all requests of the receiver, from 0.
    public let number: Int
    /// The connection that it came on, from 0; those of one number shared it.
    public let connection: Int
    public let method: String
    /// Path and query as sent.
    public let target: String
    /// `HTTP/1.1`.
    public let version: String
    /// The header's lines in their order, without their ends.
    public let headerLines: [String]
    /// Without its chunk frame, should there be one.
    public let body: [UInt8]
    /// When its last byte was read.
    public let arrivedAt: ContinuousClock.Instant

    public var bodyText: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first field of this name, whose case does not matter, without the blanks around it.
    public func header(_ name: String) -> String? { values(of: name).first }

    /// The values of all fields of this name.
    public func values(of name: String) -> [String] {
        headerLines.compactMap { line in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else {
                return nil
            }
            return line[line.index(after: colon)...].trimmingBlanks()
        }
    }
}

extension StringProtocol {
    func trimmingBlanks() -> String {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(start[...last])
    }
}
