import Store

/// What goes when: days by their age, as the database counts it.
struct RetentionRules: Sendable {
    /// How long events and their history stay.
    let days: Int
    /// How long hours and days of counters stay.
    let statsDays: Int

    /// - Parameter statsDays: at least `days`: what is counted anew at a start must not be less than it was.
    init(days: Int, statsDays: Int) {
        self.days = days
        self.statsDays = max(statsDays, days + 1)
    }

    /// Days that the keys of events stay at least: whoever repeats an event within 24 h is told so.
    static let keyDays = 2

    /// Whether a day is past its time. Events stay a day longer than what was made of them: time enough to settle what
    /// is still owed.
    func isOld(_ row: FindPartitions.Row) -> Bool {
        switch row.partition.table {
        case .events: row.age > days + 1
        case .eventKeys: row.age > Self.keyDays
        case .invocations, .deliveryStats: row.age > max(days, Self.keyDays)
        }
    }

    /// Old days in the order in which they go: history before the events that it is packed with.
    func old(_ rows: [FindPartitions.Row]) -> [Partition] {
        let order: [Partition.Table] = [.invocations, .events, .eventKeys, .deliveryStats]
        return order.flatMap { table in
            rows.filter { $0.partition.table == table && isOld($0) }.map(\.partition).sorted { $0.day < $1.day }
        }
    }
}
