import Synchronization

/// A number that only grows, until the process ends. Made once and kept; adding is one atomic instruction.
public final class Counter: Sendable {
    private let units = Atomic<UInt64>(0)
    // Whole steps are added without a loop; fractions, which only swift-metrics' floating counters have, stand apart.
    private let fractions = AtomicDouble()

    init() {}

    public func increment() { units.wrappingAdd(1, ordering: .relaxed) }

    /// Adds `amount`; a negative one is ignored, as a counter cannot fall.
    public func increment(by amount: some BinaryInteger) {
        if amount > 0 { units.wrappingAdd(UInt64(truncatingIfNeeded: amount), ordering: .relaxed) }
    }

    /// Adds a positive `amount`; anything else is ignored.
    func increment(byFraction amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractions.add(amount)
    }

    public var value: Double { Double(units.load(ordering: .relaxed)) + fractions.value }

    /// Back to 0, as swift-metrics allows; Prometheus takes it for a restart.
    func reset() {
        units.store(0, ordering: .relaxed)
        fractions.value = 0
    }
}

/// A number that rises and falls.
public final class Gauge: Sendable {
    private let current = AtomicDouble()

    init() {}

    public var value: Double {
        get { current.value }
        set { current.value = newValue }
    }

    public func set(_ value: Double) { current.value = value }
    public func increment(by amount: Double = 1) { current.add(amount) }
    public func decrement(by amount: Double = 1) { current.add(-amount) }
}

/// A `Double` that any thread may change.
final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double {
        get { Double(bitPattern: bits.load(ordering: .relaxed)) }
        set { bits.store(newValue.bitPattern, ordering: .relaxed) }
    }

    func add(_ amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: seen) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: seen, desired: sum, ordering: .relaxed)
            if exchanged { return }
            seen = original
        }
    }
}
