import ArgumentParser

/// How large a round is. What is not told depends on the scenario.
struct BenchPlan: Sendable {
    /// What the receivers of `throughput` are like.
    enum Receiver: String, CaseIterable, ExpressibleByArgument, Sendable {
        /// 204 at once.
        case fast
        /// 204 after 2 to 5 seconds.
        case slow
        /// 500 at once, and no second attempt.
        case failing
        /// A third of the tenants each.
        case mixed
    }

    /// A short round: seconds instead of minutes, for figures that are indicative.
    var isQuick = true
    var tenants = 20
    /// Of one event as posted.
    var payloadBytes = 1000
    /// Events of a POST where batches are posted.
    var batch = 100
    /// Webhooks that one event goes to in `fanout`.
    var fanOut = 100
    var receiver = Receiver.fast
    var events: Int?
    var seconds: Int?

    func seconds(quick: Int, full: Int) -> Int { seconds ?? (isQuick ? quick : full) }
    func events(quick: Int, full: Int) -> Int { events ?? (isQuick ? quick : full) }

    var payload: SamplePayload { SamplePayload(bytes: payloadBytes) }
}
