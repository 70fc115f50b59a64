internal import Postgres
public import Webhooks

/// One day of a partitioned table.
public struct Partition: Sendable, Hashable {
    /// The tables whose days come and go.
    public enum Table: String, Sendable, Hashable, CaseIterable {
        case events
        case eventKeys = "event_keys"
        case invocations
        case deliveryStats = "delivery_stats"
    }

    public let table: Table
    /// Its first instant, UTC.
    public let day: Instant

    public init(_ table: Table, _ day: Instant) {
        self.table = table
        self.day = day
    }

    /// The first instant that is not in it.
    public var end: Instant { day + .seconds(86_400) }

    func bind(_ parameters: inout Parameters) {
        parameters.append(table.rawValue)
        parameters.append(day)
    }
}
