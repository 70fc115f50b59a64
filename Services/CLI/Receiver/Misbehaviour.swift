/// How a receiver answers: well, or as badly as it was told to.
struct Misbehaviour: Sendable {
    /// Statuses by request of one message (`webhook-id`, else `x-martlet-delivery`), the last one repeating; never
    /// empty.
    let statuses: [Int]
    /// Between the request's last byte and the answer.
    let delay: Duration
    private var seen: [String: Int] = [:]

    /// - Parameter statuses: 200–599; empty means 200.
    init(statuses: [Int] = [], delay: Duration = .zero) {
        self.statuses = statuses.isEmpty ? [200] : statuses
        self.delay = delay
    }

    /// The status for the next request of `message`. Requests without an id count as one message.
    mutating func status(forMessage message: String) -> Int {
        guard statuses.count > 1 else { return statuses[0] }
        if seen.count > 100_000 { seen.removeAll() }  // a receiver runs for days; who is that far back starts again
        let count = seen[message, default: 0]
        seen[message] = count + 1
        return statuses[min(count, statuses.count - 1)]
    }
}
