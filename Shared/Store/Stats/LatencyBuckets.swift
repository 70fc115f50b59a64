/// The buckets of durations and latencies, in `delivery_stats` (`d0`… and `l0`…`15`) and in Prometheus histograms.
public enum LatencyBuckets {
    /// Upper bounds in milliseconds, inclusive; the last bucket, number 15, has none.
    public static let bounds: [Int32] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000]

    /// 16.
    public static let count = 16

    /// The bucket of so many milliseconds: the first whose bound is not below it.
    public static func index(milliseconds: Int32) -> Int {
        bounds.firstIndex { milliseconds <= $0 } ?? bounds.count
    }

    /// Milliseconds below which `share` of all lie, taking those of a bucket as evenly spread over it; the last bound
    /// for what lies beyond it; nil of nothing. It is never in another bucket than the exact one, and sums of buckets
    /// tell it no worse than the parts.
    /// - Parameter buckets: ``count`` numbers.
    public static func percentile(_ share: Double, of buckets: [Int]) -> Double? {
        let count = buckets.reduce(0, +)
        guard count > 0 else { return nil }
        let rank = share * Double(count)
        var below = 0
        for (index, inside) in buckets.enumerated() where inside > 0 {
            guard rank <= Double(below + inside) else {
                below += inside
                continue
            }
            let lower = index == 0 ? 0 : Double(bounds[index - 1])
            guard index < bounds.count else { return lower }
            let upper = Double(bounds[index])
            let milliseconds = lower + (upper - lower) * (rank - Double(below)) / Double(inside)
            return (milliseconds * 10).rounded() / 10
        }
        return nil
    }
}
