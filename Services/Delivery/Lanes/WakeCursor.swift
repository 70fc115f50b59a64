/// Which wakes have been seen: by transaction id, not by time.
///
/// Ids are not given in the order of commits, so one that is smaller than the newest seen may appear late. All below
/// the horizon had ended when the horizon was read; between the two, every id that was not seen is a late commit.
struct WakeCursor {
    /// The greatest id seen.
    private(set) var newest: UInt64
    /// Every transaction below it had ended at the last look for late ones.
    private(set) var horizon: UInt64
    private var seen: Set<UInt64> = []

    /// - Parameter horizon: the oldest transaction that may still commit, read before the first scan of the lanes.
    init(horizon: UInt64) {
        self.horizon = horizon
        newest = horizon == 0 ? 0 : horizon - 1
    }

    /// Takes note of wakes read forward from ``newest``.
    mutating func saw(_ transactions: some Sequence<UInt64>) {
        for transaction in transactions {
            seen.insert(transaction)
            newest = max(newest, transaction)
        }
    }

    /// Of all wakes between the horizon and the newest, those that were never seen; the horizon moves up.
    mutating func late(among transactions: [UInt64], horizon next: UInt64) -> [UInt64] {
        let late = transactions.filter { seen.insert($0).inserted }
        horizon = max(horizon, next)
        let limit = horizon
        seen = seen.filter { $0 >= limit }
        return late
    }
}
