import ArgumentParser

/// How large the rounds of `martlet bench` are.
struct BenchSizeOptions: ParsableArguments {
    @Flag(help: "A short round: minutes instead of an hour for all, and figures that are indicative.")
    var quick = false

    @Option(help: "Tenants that events are posted for.")
    var tenants: Int = 20

    @Option(help: "Bytes of an event as posted.")
    var payloadBytes: Int = 1000

    @Option(help: "Events of a POST where batches are posted.")
    var batch: Int = 100

    @Option(help: "Webhooks that an event goes to in fanout.")
    var fanOut: Int = 100

    @Option(help: "Deliveries of backlog, fanout and endurance; events and invocations of listing.")
    var events: Int?

    @Option(help: "Seconds of each load of throughput, latency, fairness and slow-receiver.")
    var seconds: Int?

    @Option(help: "What the receivers of throughput are like: fast, slow, failing or mixed.")
    var receiver: BenchPlan.Receiver = .fast

    func validate() throws {
        func check(_ value: Int?, _ range: ClosedRange<Int>, _ name: String) throws {
            guard value.map(range.contains) ?? true else {
                throw ValidationError("--\(name) is \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try check(tenants, 1...1000, "tenants")
        try check(payloadBytes, 200...100_000, "payload-bytes")
        try check(batch, 1...500, "batch")
        try check(fanOut, 1...1000, "fan-out")
        try check(events, 1000...50_000_000, "events")
        try check(seconds, 1...3600, "seconds")
        guard batch * payloadBytes < 4 << 20 else { throw ValidationError("a batch is below 4 MiB") }
    }

    var plan: BenchPlan {
        BenchPlan(
            isQuick: quick, tenants: tenants, payloadBytes: payloadBytes, batch: batch, fanOut: fanOut,
            receiver: receiver, events: events, seconds: seconds)
    }
}
