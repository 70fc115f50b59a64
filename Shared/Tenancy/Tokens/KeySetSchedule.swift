/// When a published key set is asked for again: a rule without a clock of its own.
struct KeySetSchedule {
    /// Between two askings while all is well.
    static let interval = Duration.seconds(300)
    /// After a failure, while there are keys to go on with.
    static let patience = Duration.seconds(30)
    /// After a failure without any key.
    static let impatience = Duration.seconds(2)
    /// Between two askings because of a `kid` that nobody knows: strangers make those up.
    static let guardInterval = Duration.seconds(10)

    private var askedAt: ContinuousClock.Instant?
    private var hasFailed = false
    private(set) var hasKeys = false

    /// Whether it is time.
    func isDue(at now: ContinuousClock.Instant) -> Bool {
        guard let askedAt else { return true }
        return now - askedAt >= (hasFailed ? (hasKeys ? Self.patience : Self.impatience) : Self.interval)
    }

    /// Whether a token that names an unknown key is reason enough.
    func mayAsk(at now: ContinuousClock.Instant) -> Bool {
        guard let askedAt else { return true }
        return now - askedAt >= (hasKeys ? Self.guardInterval : Self.impatience)
    }

    mutating func asked(at now: ContinuousClock.Instant) { askedAt = now }

    mutating func answered(withKeys: Bool) {
        hasFailed = !withKeys
        hasKeys = hasKeys || withKeys
    }
}
