public import Postgres
public import Webhooks

/// Days before an instant are rolled up.
public struct SaveRolledUntil: Statement {
    public static let sql = "UPDATE horizons SET rolled_until = greatest(rolled_until, $1) WHERE one"

    public let instant: Instant

    public init(_ instant: Instant) { self.instant = instant }

    public func bind(_ parameters: inout Parameters) { parameters.append(instant) }
}
