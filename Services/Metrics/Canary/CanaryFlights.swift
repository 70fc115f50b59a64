/// The canary's events that are under way. A value: what is sent and what has come back is told to it.
struct CanaryFlights: Sendable {
    /// What has not come back by then is lost.
    static let patience = Duration.seconds(60)

    private var began: [String: ContinuousClock.Instant] = [:]

    mutating func begin(_ name: String, at now: ContinuousClock.Instant) { began[name] = now }

    /// It was not accepted.
    mutating func forget(_ name: String) { began[name] = nil }

    /// How long it took; nil for one that is not known, or has come before.
    mutating func end(_ name: String, at now: ContinuousClock.Instant) -> Duration? {
        began.removeValue(forKey: name).map { now - $0 }
    }

    /// How many are lost since the last time.
    mutating func takeLost(at now: ContinuousClock.Instant) -> Int {
        let before = began.count
        began = began.filter { now - $0.value < Self.patience }
        return before - began.count
    }
}
