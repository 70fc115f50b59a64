import Store

/// Which wakes have been seen: by transaction id, not by time.
///
/// Ids are not given in the order of commits, so one that is smaller than the newest seen may appear late. It was
/// invisible to the last look for late ones then: still open, or not begun. So each look asks for those alone.
struct WakeCursor {
    /// The greatest id seen.
    private(set) var newest: UInt64
    /// What the last look for late ones could not see.
    private(set) var snapshot: WakeSnapshot
    /// Of those, the ones that were seen since.
    private var seen: Set<UInt64> = []

    /// - Parameter snapshot: taken before the first scan of the lanes, which finds whatever it could see.
    init(_ snapshot: WakeSnapshot) {
        self.snapshot = snapshot
        newest = max(1, snapshot.next) - 1
    }

    /// Takes note of wakes read forward from ``newest``.
    mutating func saw(_ transactions: some Sequence<UInt64>) {
        for transaction in transactions {
            seen.insert(transaction)
            newest = max(newest, transaction)
        }
    }

    /// Of all wakes up to the newest that became visible since the last look, those that were not seen.
    mutating func late(among transactions: [UInt64], next: WakeSnapshot) -> [UInt64] {
        let late = transactions.filter { seen.insert($0).inserted }
        snapshot = next
        seen = seen.filter { $0 >= next.next }
        return late
    }
}
