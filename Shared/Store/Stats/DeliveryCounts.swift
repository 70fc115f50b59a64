internal import Postgres
public import Webhooks

/// Counters of `delivery_stats`: invocations by outcome, error class and time.
public struct DeliveryCounts: Sendable, Hashable {
    public var succeeded: Int = 0
    public var failed: Int = 0
    public var debounced: Int = 0
    public var discarded: Int = 0
    /// Sum over succeeded and failed.
    public var durationMilliseconds: Int = 0
    /// Succeeded and failed, by ``LatencyBuckets``.
    public var durations = [Int](repeating: 0, count: LatencyBuckets.count)
    /// Accepted to first request, by ``LatencyBuckets``.
    public var latencies = [Int](repeating: 0, count: LatencyBuckets.count)
    /// By ``ErrorClass`` raw value.
    public var errors = [Int](repeating: 0, count: 16)

    /// Nothing counted.
    public init() {}

    /// Counts one invocation, just as ``RecountDeliveryStats`` would. A test send counts nowhere.
    public mutating func count(_ invocation: Invocation) {
        guard invocation.trigger != .test else { return }
        switch invocation.outcome {
        case .succeeded: succeeded += 1
        case .failed: failed += 1
        case .debounced: debounced += 1
        case .discarded: discarded += 1
        }
        if let error = invocation.errorClass { errors[Int(error.rawValue)] += 1 }
        guard invocation.outcome == .succeeded || invocation.outcome == .failed else { return }
        let duration = invocation.durationMilliseconds
        durationMilliseconds += Int(duration)
        durations[LatencyBuckets.index(milliseconds: duration)] += 1
        guard invocation.attempt == 1, invocation.trigger == .event, let event = invocation.eventID else { return }
        let (accepted, started) = (event.ulid.milliseconds, invocation.startedAt.milliseconds)
        let latency = Int32(clamping: started > accepted ? started - accepted : 0)
        latencies[LatencyBuckets.index(milliseconds: latency)] += 1
    }

    public static func += (sum: inout DeliveryCounts, more: DeliveryCounts) {
        sum.succeeded += more.succeeded
        sum.failed += more.failed
        sum.debounced += more.debounced
        sum.discarded += more.discarded
        sum.durationMilliseconds += more.durationMilliseconds
        for bucket in 0..<LatencyBuckets.count {
            sum.durations[bucket] += more.durations[bucket]
            sum.latencies[bucket] += more.latencies[bucket]
        }
        for error in sum.errors.indices { sum.errors[error] += more.errors[error] }
    }

    /// What ``init(_:)`` reads, summed over rows of `delivery_stats`; zeros of no rows.
    static let sums = """
        coalesce(sum(succeeded), 0)::bigint, coalesce(sum(failed), 0)::bigint,
          coalesce(sum(debounced), 0)::bigint, coalesce(sum(discarded), 0)::bigint,
          coalesce(sum(duration_ms), 0)::bigint,
        ARRAY[
          coalesce(sum(d0), 0), coalesce(sum(d1), 0), coalesce(sum(d2), 0), coalesce(sum(d3), 0),
          coalesce(sum(d4), 0), coalesce(sum(d5), 0), coalesce(sum(d6), 0), coalesce(sum(d7), 0),
          coalesce(sum(d8), 0), coalesce(sum(d9), 0), coalesce(sum(d10), 0), coalesce(sum(d11), 0),
          coalesce(sum(d12), 0), coalesce(sum(d13), 0), coalesce(sum(d14), 0), coalesce(sum(d15), 0)]::bigint[],
        ARRAY[
          coalesce(sum(l0), 0), coalesce(sum(l1), 0), coalesce(sum(l2), 0), coalesce(sum(l3), 0),
          coalesce(sum(l4), 0), coalesce(sum(l5), 0), coalesce(sum(l6), 0), coalesce(sum(l7), 0),
          coalesce(sum(l8), 0), coalesce(sum(l9), 0), coalesce(sum(l10), 0), coalesce(sum(l11), 0),
          coalesce(sum(l12), 0), coalesce(sum(l13), 0), coalesce(sum(l14), 0), coalesce(sum(l15), 0)]::bigint[],
        ARRAY[
          coalesce(sum(e0), 0), coalesce(sum(e1), 0), coalesce(sum(e2), 0), coalesce(sum(e3), 0),
          coalesce(sum(e4), 0), coalesce(sum(e5), 0), coalesce(sum(e6), 0), coalesce(sum(e7), 0),
          coalesce(sum(e8), 0), coalesce(sum(e9), 0), coalesce(sum(e10), 0), coalesce(sum(e11), 0),
          coalesce(sum(e12), 0), coalesce(sum(e13), 0), coalesce(sum(e14), 0), coalesce(sum(e15), 0)]::bigint[]
        """

    /// Columns: succeeded, failed, debounced, discarded, duration_ms, and arrays of durations, latencies and errors.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        succeeded = try row.column(0)
        failed = try row.column(1)
        debounced = try row.column(2)
        discarded = try row.column(3)
        durationMilliseconds = try row.column(4)
        durations = try row.column(5)
        latencies = try row.column(6)
        errors = try row.column(7)
    }
}
