import Synchronization

/// Counts observations by size. Made once and kept; observing is a search over a few bounds and two atomic additions.
public final class Histogram: Sendable {
    /// Bounds for the duration of a request: 1 ms to 30 s.
    public static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]

    public let bounds: [Double]
    private let cells: AtomicCells
    private let sum = AtomicDouble()

    /// - Parameter bounds: upper bounds, inclusive; those that are not finite or do not grow are left out.
    init(bounds: [Double]) {
        self.bounds = bounds.reduce(into: []) { kept, bound in
            if bound.isFinite, kept.last.map({ $0 < bound }) ?? true { kept.append(bound) }
        }
        cells = AtomicCells(count: self.bounds.count + 1)
    }

    /// Counts one observation in the base unit (seconds, bytes); one that is no number is ignored.
    public func observe(_ value: Double) {
        guard !value.isNaN else { return }
        cells.increment(bounds.firstIndex { value <= $0 } ?? bounds.count)
        sum.add(value)
    }

    /// Counts a duration in seconds.
    public func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        observe(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// What was counted so far. Between two threads the sum may be one observation ahead of the counts, or behind.
    public var snapshot: HistogramSnapshot {
        HistogramSnapshot(bounds: bounds, counts: cells.values, sum: sum.value)
    }
}

/// A fixed row of counters.
///
/// `@unchecked`: the pointer never changes, every access to what it points at is atomic, and `deinit` alone frees it.
private final class AtomicCells: @unchecked Sendable {
    private let start: UnsafeMutablePointer<Atomic<UInt64>>
    private let count: Int

    init(count: Int) {
        self.count = count
        start = .allocate(capacity: count)
        for index in 0..<count { (start + index).initialize(to: Atomic(0)) }
    }

    deinit {
        start.deinitialize(count: count)
        start.deallocate()
    }

    func increment(_ index: Int) { start[index].wrappingAdd(1, ordering: .relaxed) }
    var values: [UInt64] { (0..<count).map { start[$0].load(ordering: .relaxed) } }
}
