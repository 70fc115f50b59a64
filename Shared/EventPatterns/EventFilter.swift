public import JSON

/// An event pattern, read and checked: which events a webhook gets, by what is in them.
///
/// It means what it means to Amazon EventBridge and its event-ruler:
/// - All members of a pattern must match, and of a member's array one alternative. Values of different kinds are never
///   equal; numbers are compared as numbers, exactly.
/// - An array in the event matches when one of its elements does. Members below one array must match in the same
///   element.
/// - `exists: false` holds where no value lies at that path: in the element in which other members matched, or in none
///   at all. Only values count as existing: strings, numbers, `true`, `false`, `null`.
/// - `anything-but` needs a value to differ from.
///
/// A class: an ingester holds one for many events, and hands it along with each.
public final class EventFilter: Sendable {
    /// Bytes of a pattern's compact text.
    public static let sizeLimit = 4096
    /// Objects and arrays inside one another, the pattern's own included.
    public static let depthLimit = 32

    /// Compact JSON text.
    public let text: [UInt8]
    private let root: PatternNode

    /// - Throws: all that is wrong with the pattern.
    public init(_ pattern: JSONValue) throws(PatternFaults) {
        text = pattern.compactBytes
        guard text.count <= Self.sizeLimit else {
            throw PatternFaults([
                PatternFault(.tooLong, at: "", "At most \(Self.sizeLimit) bytes, not \(text.count).")
            ])
        }
        var reader = PatternReader()
        let root = reader.node(pattern, at: "", depth: 1)
        guard let root, reader.faults.isEmpty else { throw PatternFaults(reader.faults) }
        self.root = root
    }

    /// - Throws: what is wrong; nothing where `text` is no JSON.
    public convenience init(text: some Sequence<UInt8>) throws(PatternFaults) {
        let document: JSONDocument
        do throws(JSONError) { document = try JSONDocument(parsing: Array(text)) } catch {
            throw PatternFaults([PatternFault(.invalid, at: "", "\(error)")])
        }
        try self.init(document.root)
    }

    private init(matchingNothing: Void) {
        text = []
        root = PatternNode(choices: [[]])
    }

    /// Stands in for a pattern that nobody can read: no event gets past it.
    public static let nothing = EventFilter(matchingNothing: ())

    /// What an event has under one of its outermost names.
    public enum Member {
        case null
        case text(String)
        case value(JSONValue)
    }

    /// Whether an event matches, given by its outermost members: nil for one that it does not have.
    public func matches(_ member: (String) -> Member?) -> Bool { root.fit(of: member).holds }

    /// Whether an object matches.
    public func matches(_ event: JSONValue) -> Bool { matches { name in event.member(name).map(Member.value) } }
}

extension EventFilter: Hashable {
    /// Equal when they are written alike.
    public static func == (one: EventFilter, other: EventFilter) -> Bool { one.text == other.text }
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
