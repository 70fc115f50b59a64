import Synchronization

/// Makes ids that grow within this process: inside one millisecond, and when the clock steps back, the last one + 1.
public final class ULIDGenerator: Sendable {
    /// The one that ``Identifier/init()`` draws from.
    public static let shared = ULIDGenerator()
    /// The one that ``Identifier/init(at:)`` draws from: by another clock, which this machine's must not draw ahead.
    static let ofDatabase = ULIDGenerator()

    private let last = Mutex(ULID(0))

    public init() {}

    /// - Parameter milliseconds: since 1970, by the wall clock.
    public func next(at milliseconds: UInt64 = Instant.now.milliseconds) -> ULID {
        last.withLock { last in
            guard milliseconds > last.milliseconds else {
                last = ULID(last.value + 1)
                return last
            }
            // The top random bit stays free, so that counting up inside a millisecond never overflows into the time.
            let random = UInt128(UInt64.random(in: .min ... .max)) << 15 | UInt128(UInt16.random(in: 0..<0x8000))
            last = ULID(milliseconds: milliseconds, random: random)
            return last
        }
    }
}
