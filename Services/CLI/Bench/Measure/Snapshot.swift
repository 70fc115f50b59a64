/// What everything has used up so far.
struct Snapshot: Sendable {
    /// Who uses processor time, in the order in which it is shown.
    enum Part: String, CaseIterable, Sendable {
        case api, ingester, delivery, metrics
        case postgres = "PostgreSQL"
        case nginx
        case load = "load generator"

        /// Whether its time belongs to the cost of a delivery.
        var isMartlet: Bool { self != .nginx && self != .load }
    }

    var at = ContinuousClock.now
    /// In seconds.
    var cpu: [Part: Double] = [:]
    /// Position of the write-ahead log, in bytes; nil where PostgreSQL would not tell.
    var log: Int64?
    /// Where the last checkpoint began, in the same bytes.
    var checkpoint: Int64?
    /// Statements of Martlet's roles; nil without `pg_stat_statements`.
    var statements: Int64?
}

/// What was used between two moments.
struct Usage: Sendable {
    let start: Snapshot
    let end: Snapshot

    var seconds: Double { (end.at - start.at) / .seconds(1) }
    var hadCheckpoint: Bool { start.checkpoint != end.checkpoint }

    /// Seconds of processor time of the services and PostgreSQL.
    var martlet: Double { Snapshot.Part.allCases.filter(\.isMartlet).map(cpu).reduce(0, +) }

    func cpu(_ part: Snapshot.Part) -> Double { (end.cpu[part] ?? 0) - (start.cpu[part] ?? 0) }

    /// Each cost by delivery. `isGoal`: whether the goals of the throughput are asked for.
    func figures(deliveries: Int, isGoal: Bool = false) -> [Figure] {
        let count = Double(max(deliveries, 1))
        var figures = Snapshot.Part.allCases.filter { start.cpu[$0] != nil && end.cpu[$0] != nil }.map { part in
            Figure("CPU a delivery, \(part.rawValue)", cpu(part) / count * 1e6, .microseconds)
        }
        figures.append(
            Figure(
                "CPU a delivery, services and PostgreSQL", martlet / count * 1e6, .microseconds,
                goal: isGoal ? .atMost(130) : nil))
        if let first = start.statements, let last = end.statements {
            figures.append(
                Figure(
                    "SQL statements a delivery", Double(last - first) / count, .count,
                    goal: isGoal ? .atMost(0.1) : nil))
        }
        if let first = start.log, let last = end.log {
            figures.append(
                Figure("WAL a delivery", Double(last - first) / count, .bytes, goal: isGoal ? .atMost(2800) : nil))
        }
        return figures
    }
}
