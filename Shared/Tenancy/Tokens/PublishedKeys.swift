import Foundation
import Hosting
import Logging
public import ServiceLifecycle
import Synchronization

/// The keys that an identity provider publishes, kept while the provider is away.
///
/// Asked for at the start, every five minutes, and when a token names a key that is not known: then at most once in ten
/// seconds, whatever strangers send. Each asking is one of the service's own, so no caller that hangs up ends it.
public final class PublishedKeys: Service {
    /// The text of a key set, or nil and a word for the log.
    typealias Fetch = @Sendable () async -> (json: [UInt8]?, fault: String)

    private struct State {
        var keys: [VerificationKey] = []
        var schedule = KeySetSchedule()
        var isAsking = false
        var hasEnded = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// The text that the keys were read from.
        var json: [UInt8]?
    }

    private let state = Mutex(State())
    private let version = Atomic<Int>(0)
    private let wanted: AsyncStream<Void>
    private let want: AsyncStream<Void>.Continuation
    private let fetch: Fetch
    private let now: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger

    init(
        logger: Logger, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, fetch: @escaping Fetch
    ) {
        self.fetch = fetch
        self.now = now
        self.logger = logger
        (wanted, want) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Raised whenever the keys are others: what was verified with the old ones counts no more.
    var generation: Int { version.load(ordering: .acquiring) }

    var keys: [VerificationKey] { state.withLock { $0.keys } }

    /// Whether the provider has answered once.
    var hasKeys: Bool { state.withLock { $0.schedule.hasKeys } }

    /// Returns when the keys are as new as may be asked for now.
    func renew() async {
        await withCheckedContinuation { continuation in
            let isPointless = state.withLock { state in
                guard !state.hasEnded, state.isAsking || state.schedule.mayAsk(at: now()) else { return true }
                state.waiting.append(continuation)
                if !state.isAsking { ask(&state) }
                return false
            }
            if isPointless { continuation.resume() }
        }
    }

    private func ask(_ state: inout State) {
        state.isAsking = true
        state.schedule.asked(at: now())
        want.yield()
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { [self] in
                    for await _ in Ticker(every: .seconds(1)) {
                        state.withLock { if !$0.isAsking, $0.schedule.isDue(at: now()) { ask(&$0) } }
                    }
                    want.finish()
                }
                group.addTask { [self] in for await _ in wanted { await load() } }
            }
        }
        finish { $0.hasEnded = true }
    }

    private func load() async {
        let answer = await fetch()
        var fault = answer.fault
        var keys: [VerificationKey]?
        if let json = answer.json {
            keys = try? await VerificationKey.keys(ofSet: Data(json))
            if keys?.isEmpty ?? true { (keys, fault) = (nil, "no key set with an RS256, ES256 or EdDSA key") }
        }
        let found = keys
        let isNew = finish { state in
            state.schedule.answered(withKeys: found != nil)
            guard let found, state.json != answer.json else { return false }
            (state.keys, state.json) = (found, answer.json)
            // Behind the keys: who verifies under the new number has seen the new keys.
            version.add(1, ordering: .releasing)
            return true
        }
        if let found {
            if isNew { logger.info("Key set loaded", metadata: ["key.count": .stringConvertible(found.count)]) }
        } else if !Task.isCancelled {
            logger.warning("Key set not loaded", metadata: ["reason": .string(fault)])
        }
    }

    /// Ends an asking: whoever waited for it goes on.
    @discardableResult
    private func finish<Result: Sendable>(_ change: (inout sending State) -> Result) -> Result {
        let (result, waiting) = state.withLock { state in
            let result = change(&state)
            state.isAsking = false
            defer { state.waiting = [] }
            return (result, state.waiting)
        }
        for continuation in waiting { continuation.resume() }
        return result
    }
}
