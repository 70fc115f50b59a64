/// Values by rank.
struct Percentiles: Sendable {
    private let ascending: [Double]

    init(_ values: [Double]) { ascending = values.sorted() }

    var count: Int { ascending.count }

    /// By nearest rank: the smallest value that at least `part` (0…1) of all do not exceed; 0 of nothing.
    subscript(part: Double) -> Double {
        guard !ascending.isEmpty else { return 0 }
        let rank = Int((part * Double(ascending.count)).rounded(.up))
        return ascending[min(max(rank, 1), ascending.count) - 1]
    }

    /// The middle one, or the mean of the middle two.
    var median: Double {
        guard !ascending.isEmpty else { return 0 }
        let middle = ascending.count / 2
        return ascending.count % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2
    }

    /// p50, p95 and p99 in milliseconds.
    func figures(_ name: String, p50: Goal? = nil, p99: Goal? = nil) -> [Figure] {
        [
            Figure(name + ", p50", self[0.5], .milliseconds, goal: p50),
            Figure(name + ", p95", self[0.95], .milliseconds),
            Figure(name + ", p99", self[0.99], .milliseconds, goal: p99),
        ]
    }
}
