/// The ports that may be called.
public struct PortList: Sendable, Hashable {
    let ranges: [ClosedRange<UInt16>]?

    /// Every port.
    public static let all = PortList(ranges: nil)

    private init(ranges: [ClosedRange<UInt16>]?) { self.ranges = ranges }

    /// Reads numbers of 1–65535 and ranges of them, separated by commas: `443,8000-8099`. Nil for anything else.
    public init?(parsing text: String) {
        var ranges: [ClosedRange<UInt16>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(Self.port)
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else { return nil }
            ranges.append(first...last)
        }
        self.init(ranges: ranges)
    }

    private static func port(_ text: Substring) -> UInt16? {
        let digits = text.drop { $0 == " " }.prefix { $0 != " " }
        guard text.allSatisfy({ $0 == " " || $0.isNumber }), let port = UInt16(digits), port > 0 else { return nil }
        return text.filter({ $0 != " " }).count == digits.count ? port : nil
    }

    /// Whether `port` may be called.
    public func permits(_ port: UInt16) -> Bool { ranges?.contains { $0.contains(port) } ?? true }
}
