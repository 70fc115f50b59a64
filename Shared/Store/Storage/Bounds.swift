public import Webhooks

extension ClosedRange<Instant> {
    /// Every instant there is: a list without bounds.
    public static let always: Self = .distantPast ... .distantFuture
}

extension Identifier {
    /// Above every id that is made: where a list starts that has no cursor.
    static var greatest: Self { Self(ULID(.max)) }
    /// The first id of the millisecond that `instant` lies in.
    static func first(of instant: Instant) -> Self { Self(ULID(milliseconds: instant.milliseconds, random: 0)) }
    /// The last id of the millisecond that `instant` lies in.
    static func last(of instant: Instant) -> Self {
        instant == .distantFuture ? greatest : Self(ULID(first(of: instant).ulid.value | ((1 << 80) - 1)))
    }
}
