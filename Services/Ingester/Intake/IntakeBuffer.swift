import Epoll
import Logging
import ServiceLifecycle
import Synchronization

/// Gathers requests into batches: those that arrive while a commit runs form the next one.
///
/// An idle committer takes a request at once, so a single event waits for nothing but its own commit. Where many
/// producers wait for answers (``crowd``), those that were just answered come again soon: a committer gives them
/// some milliseconds to join those who wait already, and a commit holds hundreds. Its decisions are those of
/// ``BatchQueue``. A lock and no actor: a request would change threads twice to be put into a list.
final class IntakeBuffer: Service {
    typealias Write = @Sendable ([IntakeRequest]) async -> [IntakeAnswer]
    fileprivate typealias Waiting = (request: IntakeRequest, answer: CheckedContinuation<IntakeAnswer, Never>)

    fileprivate struct State: ~Copyable {
        var queue = BatchQueue<Waiting>()
        var idle: [CheckedContinuation<Void, Never>] = []
        /// Committers that wait until so many requests do, or until their time is over.
        var gathering: [Gathering] = []
        var number = 0
        /// Takes no more requests.
        var isFinished = false
    }

    fileprivate struct Gathering {
        let number: Int
        let count: Int
        let committer: CheckedContinuation<Void, Never>
    }

    /// A batch of so many requests came from many producers at once.
    static let crowd = 16

    private let state = Mutex(State())
    private let committers: Int
    private let reactor: Reactor
    private let patience: Duration
    private let write: Write

    /// - Parameters:
    ///   - committers: batches under way at once, at least 1.
    ///   - reactor: for alarms.
    ///   - patience: how long a committer waits for the producers that were just answered, where they are many.
    ///   - write: stores a batch, and answers one for one in the order of the requests.
    init(
        committers: Int, reactor: Reactor, patience: Duration = .milliseconds(5), write: @escaping Write
    ) {
        self.committers = committers
        self.reactor = reactor
        self.patience = patience
        self.write = write
    }

    /// Requests that wait for a committer.
    var count: Int { state.withLock { $0.queue.count } }

    /// Takes no more requests.
    var isFinished: Bool { state.withLock { $0.isFinished } }

    /// Answers when the request is committed or refused; at once with ``IntakeAnswer/unavailable`` when too much waits.
    func submit(_ request: IntakeRequest) async -> IntakeAnswer {
        await withCheckedContinuation { answer in
            let (isTaken, committer) = state.withLock { state in
                guard !state.isFinished, state.queue.add((request, answer), weighing: request.weight) else {
                    return (false, CheckedContinuation<Void, Never>?.none)
                }
                return (true, state.idle.popLast() ?? state.endGathering())
            }
            committer?.resume()
            if !isTaken { answer.resume(returning: .unavailable) }
        }
    }

    /// Runs the committers. After a graceful shutdown began, what waits is still written, then it returns.
    func run() async throws {
        await withDiscardingTaskGroup { group in
            for _ in 0..<committers { group.addTask { await self.commit() } }
            try? await gracefulShutdown()  // or cancellation
            finish()
        }
    }

    private func commit() async {
        var last = 0
        while let batch = await next(after: last) {
            last = batch.count
            let answers = await write(batch.map(\.request))
            for (waiting, answer) in zip(batch, answers) { waiting.answer.resume(returning: answer) }
        }
    }

    /// Nil when there is nothing more to come.
    private func next(after last: Int) async -> [Waiting]? {
        if last >= Self.crowd { await gather(last) }
        while true {
            let (batch, isFinished) = state.withLock { ($0.queue.next(), $0.isFinished) }
            if !batch.isEmpty { return batch }
            if isFinished { return nil }
            await withCheckedContinuation { committer in
                let isNeeded = state.withLock { state in
                    if state.queue.isEmpty, !state.isFinished {
                        state.idle.append(committer)
                        return false
                    }
                    return true
                }
                if isNeeded { committer.resume() }
            }
        }
    }

    /// Until `more` requests have joined those that wait, for `patience` at most.
    private func gather(_ more: Int) async {
        await withCheckedContinuation { committer in
            let number = state.withLock { state -> Int? in
                guard !state.isFinished, !state.queue.isFullBatch else { return nil }
                state.number += 1
                let count = state.queue.count + more
                state.gathering.append(Gathering(number: state.number, count: count, committer: committer))
                return state.number
            }
            guard let number else { return committer.resume() }
            reactor.perform {
                self.reactor.alarm(after: self.patience) {
                    self.state.withLock { $0.endGathering(number) }?.resume()
                }
            }
        }
    }

    private func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            defer { (state.idle, state.gathering) = ([], []) }
            return state.idle + state.gathering.map(\.committer)
        }
        for committer in waiting { committer.resume() }
    }
}

extension IntakeBuffer.State {
    /// A committer that has waited for as many requests as there are now, or for a full batch.
    fileprivate mutating func endGathering() -> CheckedContinuation<Void, Never>? {
        let isFull = queue.isFullBatch
        guard let index = gathering.firstIndex(where: { isFull || $0.count <= queue.count }) else { return nil }
        return gathering.remove(at: index).committer
    }

    /// The one whose time is over, if it still waits.
    fileprivate mutating func endGathering(_ number: Int) -> CheckedContinuation<Void, Never>? {
        guard let index = gathering.firstIndex(where: { $0.number == number }) else { return nil }
        return gathering.remove(at: index).committer
    }
}
