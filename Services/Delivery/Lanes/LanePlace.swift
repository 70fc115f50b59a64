import Webhooks

/// A place in a lane: rows are read strictly past it, in the order of (due_at, id).
struct LanePlace: Hashable, Comparable, Sendable {
    var dueAt: Instant
    var id: ULID

    static let start = LanePlace(dueAt: .distantPast, id: ULID(0))

    /// Just before every row that is due at `instant`.
    static func before(_ instant: Instant) -> LanePlace { LanePlace(dueAt: instant, id: ULID(0)) }

    /// The last place before this one.
    var predecessor: LanePlace {
        id.value > 0
            ? LanePlace(dueAt: dueAt, id: ULID(id.value - 1))
            : LanePlace(dueAt: Instant(microseconds: dueAt.microseconds &- 1), id: ULID(.max))
    }

    static func < (one: LanePlace, other: LanePlace) -> Bool { (one.dueAt, one.id) < (other.dueAt, other.id) }
}

extension Delivery {
    var place: LanePlace { LanePlace(dueAt: dueAt, id: id.ulid) }
}
