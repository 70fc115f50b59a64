/// What a look for late wakes saw: which transactions could still commit behind it.
public struct WakeSnapshot: Sendable, Hashable {
    /// Transactions from here on had not ended.
    public let next: UInt64
    /// Those below ``next`` that had not ended either: they were open.
    public let open: [UInt64]

    public init(next: UInt64, open: [UInt64] = []) {
        self.next = next
        self.open = open
    }
}
