/// The kind of thing that an ``Identifier`` names.
public protocol Identified {
    /// Three letters before the underscore of the id's text, e.g. `wbh`.
    static var identifierPrefix: String { get }
}

/// The id of one `Subject`: a prefix and a ULID as text (`wbh_01HA4XCG60CT4G3EWF4CKYM1MF`), a `uuid` in PostgreSQL.
public struct Identifier<Subject: Identified>: Hashable, Comparable, Sendable {
    public let ulid: ULID

    public init(_ ulid: ULID) { self.ulid = ulid }

    /// A new id, greater than every id made before it in this process.
    public init() { ulid = ULIDGenerator.shared.next() }

    /// A new id by the database's clock, greater than every such id made before it in this process.
    public init(at instant: Instant) { ulid = ULIDGenerator.ofDatabase.next(at: instant.milliseconds) }

    public static func < (one: Self, other: Self) -> Bool { one.ulid < other.ulid }
}

extension Identifier: LosslessStringConvertible {
    public var description: String { Subject.identifierPrefix + "_" + ulid.description }

    /// Nil unless `text` is the prefix, an underscore and a ULID.
    public init?(_ text: String) {
        let prefix = Subject.identifierPrefix.utf8
        guard text.utf8.starts(with: prefix), text.utf8.dropFirst(prefix.count).first == UInt8(ascii: "_"),
            let ulid = ULID(utf8: text.utf8.dropFirst(prefix.count + 1))
        else { return nil }
        self.init(ulid)
    }
}
