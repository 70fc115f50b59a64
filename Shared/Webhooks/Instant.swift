import Glibc

/// A moment of the wall clock, in microseconds since 1970 UTC: what PostgreSQL's `timestamptz` holds, but its epoch.
///
/// For what is stored and shown. Waiting and measuring use `ContinuousClock`.
public struct Instant: Hashable, Comparable, Sendable {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }
    public init(milliseconds: UInt64) {
        microseconds = Int64(clamping: milliseconds).multipliedReportingOverflow(by: 1000).partialValue
    }

    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Whole milliseconds since 1970; 0 before it.
    public var milliseconds: UInt64 { microseconds < 0 ? 0 : UInt64(microseconds) / 1000 }
    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { Int64((Double(microseconds) / 1_000_000).rounded(.down)) }

    /// Later than everything; `infinity` in PostgreSQL.
    public static let distantFuture = Instant(microseconds: .max)
    /// Earlier than everything; `-infinity` in PostgreSQL.
    public static let distantPast = Instant(microseconds: .min)

    public static func < (one: Instant, other: Instant) -> Bool { one.microseconds < other.microseconds }

    /// Saturates instead of overflowing.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return Instant(microseconds: seconds > 0 ? .max : .min) }
        let (sum, tooFar) = instant.microseconds.addingReportingOverflow(whole + attoseconds / 1_000_000_000_000)
        return Instant(microseconds: tooFar ? (seconds > 0 ? .max : .min) : sum)
    }

    /// Saturates instead of overflowing.
    /// Saturates instead of overflowing.
    public static func - (instant: Instant, duration: Duration) -> Instant { instant + (.zero - duration) }

    public static func - (later: Instant, earlier: Instant) -> Duration {
        let (span, tooFar) = later.microseconds.subtractingReportingOverflow(earlier.microseconds)
        return .microseconds(tooFar ? (later > earlier ? .max : .min) : span)
    }
}
