public import Postgres
public import Webhooks

/// Hours before an instant are rolled up, and days before another; neither ever goes back.
public struct SaveHorizons: Statement {
    public static let sql = """
        UPDATE horizons SET hours_until = greatest(hours_until, $1), days_until = greatest(days_until, $2) WHERE one
        """

    public let hoursUntil: Instant
    public let daysUntil: Instant

    /// - Parameter daysUntil: the hours before it are rolled up too.
    public init(hoursUntil: Instant, daysUntil: Instant) {
        self.hoursUntil = max(hoursUntil, daysUntil)
        self.daysUntil = daysUntil
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(hoursUntil)
        parameters.append(daysUntil)
    }
}
