import Logging
import ServiceLifecycle

/// Gathers requests into batches: those that arrive while a commit runs form the next one, and no timer is involved.
///
/// An idle committer takes a request at once, so a single event waits for nothing but its own commit; under load a
/// commit holds hundreds. Its decisions are those of ``BatchQueue``.
actor IntakeBuffer: Service {
    typealias Write = @Sendable ([IntakeRequest]) async -> [IntakeAnswer]
    private typealias Waiting = (request: IntakeRequest, answer: CheckedContinuation<IntakeAnswer, Never>)

    private var queue = BatchQueue<Waiting>()
    private var idle: [CheckedContinuation<Void, Never>] = []
    /// Takes no more requests.
    private(set) var isFinished = false
    private let committers: Int
    private let write: Write

    /// - Parameters:
    ///   - committers: batches under way at once, at least 1.
    ///   - write: stores a batch, and answers one for one in the order of the requests.
    init(committers: Int, write: @escaping Write) {
        self.committers = committers
        self.write = write
    }

    /// Requests that wait for a committer.
    var count: Int { queue.count }

    /// Answers when the request is committed or refused; at once with ``IntakeAnswer/unavailable`` when too much waits.
    func submit(_ request: IntakeRequest) async -> IntakeAnswer {
        await withCheckedContinuation { answer in
            guard !isFinished, queue.add((request, answer), weighing: request.weight) else {
                return answer.resume(returning: .unavailable)
            }
            idle.popLast()?.resume()
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
        while let batch = await next() {
            let answers = await write(batch.map(\.request))
            for (waiting, answer) in zip(batch, answers) { waiting.answer.resume(returning: answer) }
        }
    }

    private func next() async -> [Waiting]? {
        while queue.isEmpty {
            if isFinished { return nil }
            await withCheckedContinuation { idle.append($0) }
        }
        return queue.next()
    }

    private func finish() {
        isFinished = true
        for committer in idle { committer.resume() }
        idle = []
    }
}
