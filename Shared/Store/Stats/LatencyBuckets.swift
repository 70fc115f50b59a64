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
}
