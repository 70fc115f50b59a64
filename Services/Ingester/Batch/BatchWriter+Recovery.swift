import Logging
import Postgres
import Store
import Webhooks

extension BatchWriter {
    /// Does what `step` says; nil: the batch goes again as it is.
    func recover(_ contents: BatchContents, by step: BatchStep, wasLost: Bool) async -> [IntakeAnswer]? {
        let requests = contents.requests
        switch step {
        case .again: return nil
        case .answer(let answer): return requests.map { _ in answer }
        case .halve: return await writeHalves(of: requests, wasLost: wasLost)
        case .refresh:
            guard
                let gone = await ask({ () throws(PostgresError) in try await directory.refresh(contents.subscriptions) }
                )
            else { return requests.map { _ in .unavailable } }
            let settled = requests.map { request -> IntakeAnswer? in
                if gone.contains(request.tenantID) { return .unknownTenant }
                return request.names(typeGoneFrom: directory.known(request.tenantID)) ? .outdated : nil
            }
            guard settled.contains(where: { $0 != nil }) else { return nil }
            return await write(requests, settled: settled, wasLost: wasLost)
        case .findConflicts:
            guard let holders = await ask({ () throws(PostgresError) in try await holders(of: contents.guardedKeys) })
            else { return requests.map { _ in .unavailable } }
            let settled = requests.map { request -> IntakeAnswer? in
                guard request.events.count > 1 else { return nil }
                let conflicts = BatchContents.conflicts(of: request, holders)
                return conflicts.isEmpty ? nil : .conflict(conflicts)
            }
            if settled.contains(where: { $0 != nil }) {
                return await write(requests, settled: settled, wasLost: wasLost)
            }
            // No row is to blame: it was a neighbour in the batch, or one that was rolled back.
            return requests.count > 1 ? await writeHalves(of: requests, wasLost: wasLost) : nil
        case .probe:
            guard let isCommitted = await ask({ () throws(PostgresError) in try await isCommitted(contents) })
            else { return requests.map { _ in .unavailable } }
            guard isCommitted else { return nil }
            guard let holders = await ask({ () throws(PostgresError) in try await holders(of: contents.keys) })
            else { return requests.map { _ in .unavailable } }
            return contents.answers(holders)
        }
    }

    private func writeHalves(of requests: [IntakeRequest], wasLost: Bool) async -> [IntakeAnswer] {
        let middle = requests.count / 2
        let first = await write(Array(requests[..<middle]), wasLost: wasLost)
        return first + (await write(Array(requests[middle...]), wasLost: wasLost))
    }

    /// Writes the requests that have no answer yet.
    private func write(
        _ requests: [IntakeRequest], settled: [IntakeAnswer?], wasLost: Bool
    ) async -> [IntakeAnswer] {
        let open = zip(requests, settled).filter { $0.1 == nil }.map(\.0)
        var answers = await write(open, wasLost: wasLost).makeIterator()
        return settled.map { $0 ?? answers.next() ?? .failed }
    }

    /// Asks the database until it answers; nil when it stays away for ``patience``.
    private func ask<Answer: Sendable>(_ question: () async throws(PostgresError) -> Answer) async -> Answer? {
        let deadline = ContinuousClock.now + patience
        while true {
            do throws(PostgresError) {
                return try await question()
            } catch {
                guard error.isRetryable || error.isUncertain, ContinuousClock.now < deadline else {
                    logger.error("Batch left unanswered", metadata: ["error": "\(error)"])
                    return nil
                }
            }
        }
    }
}
