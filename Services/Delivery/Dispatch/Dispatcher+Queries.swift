import Dressing
import Epoll
import Postgres
import Store
import Webhooks

/// Payload queries: run beside everything else, so that webhooks without one never wait for them.
extension Dispatcher {
    /// Deliveries whose queries run in one go.
    static let queriesARun = 32
    /// For each tenant that has any, so that the long queries of one are never many before another's.
    static let queriesATenant = 4
    /// Resources in memory at once: 256 KiB each at most.
    static let resourcesARead = 64

    /// Puts a delivery whose body is a query's result into line.
    func query(_ sent: Sent) {
        toQuery.add(sent, of: sent.delivery.tenantID)
        querySignal.raise()
    }

    func runQueries() async {
        for await _ in querySignal.raised {
            while !toQuery.isEmpty {
                let batch = nextQueries()
                var rest = await Self.ask(batch, dresser)[...]
                while !rest.isEmpty { await run(Self.takeChunk(of: &rest)) }
            }
        }
    }

    private func nextQueries() -> [Sent] {
        let most = min(Self.queriesARun, toQuery.partyCount * Self.queriesATenant)
        return (0..<most).compactMap { _ in toQuery.next() }.filter { isUnderWay($0.flight) }
    }

    /// A delivery, and what its query asks for.
    final class Querying: Sendable {
        let sent: Sent
        let asked: Result<AskedQuery?, AskedQuery.Failure>

        init(_ sent: Sent, _ asked: Result<AskedQuery?, AskedQuery.Failure>) {
            self.sent = sent
            self.asked = asked
        }

        var keys: [FindNewestOfResources.Key] {
            guard case .success(let asked?) = asked else { return [] }
            let delivery = sent.delivery
            return asked.resources.map {
                .init(shard: delivery.shard, tenantID: delivery.tenantID, resource: $0)
            }
        }
    }

    /// Off the reactor: how long it takes is the tenants' choice.
    @concurrent
    private static func ask(_ batch: [Sent], _ dresser: Dresser) async -> [Querying] {
        batch.map { sent in
            let subscriber = sent.subscriber
            let isSnapshot = subscriber.webhook.configuration.data == .snapshot
            let asked = Result { () throws(AskedQuery.Failure) in
                try dresser.ask(sent.event, for: subscriber.prepared, ownDataAnswers: isSnapshot)
            }
            return Querying(sent, asked)
        }
    }

    /// As many as want no more resources than may be read at once, at least one.
    private static func takeChunk(of rest: inout ArraySlice<Querying>) -> [Querying] {
        var chunk: [Querying] = []
        var count = 0
        while let next = rest.first {
            count += next.keys.count
            if !chunk.isEmpty, count > resourcesARead { break }
            chunk.append(next)
            rest.removeFirst()
        }
        return chunk
    }

    private func run(_ chunk: [Querying]) async {
        let found: QueryAnswers
        do {
            found = try await answers(for: Set(chunk.flatMap(\.keys)))
        } catch {
            for querying in chunk { giveUp(querying.sent) }
            meters.databaseFailed(error, logger)
            return await reactor.pause(for: .milliseconds(250))
        }
        let results = await Self.results(of: chunk, found)
        for (querying, result) in zip(chunk, results) { queried(querying.sent, result) }
    }

    /// One resource that cannot be read is as one that nobody knows, for those that ask for it.
    private func answers(for keys: Set<FindNewestOfResources.Key>) async throws(PostgresError) -> QueryAnswers {
        do {
            return QueryAnswers(try await pool.execute(FindNewestOfResources(Array(keys))))
        } catch .decoding where keys.count > 1 {
            var rows: [FindNewestOfResources.Row] = []
            for key in keys {
                do { rows += try await pool.execute(FindNewestOfResources([key])) } catch .decoding { continue }
            }
            return QueryAnswers(rows)
        } catch .decoding {
            return QueryAnswers([])
        }
    }

    @concurrent
    private static func results(
        of chunk: [Querying], _ answers: QueryAnswers
    ) async -> [Result<[UInt8]?, AskedQuery.Failure>] {
        chunk.map { querying in
            let tenant = querying.sent.delivery.tenantID
            return querying.asked.flatMap { asked in
                Result { () throws(AskedQuery.Failure) in
                    try asked?.result { answers[tenant, $0] }
                }
            }
        }
    }

    /// Sends what the query gave; without a result nothing is sent, and it is tried again like any failure.
    private func queried(_ sent: Sent, _ result: Result<[UInt8]?, AskedQuery.Failure>) {
        guard isUnderWay(sent.flight) else { return }  // its shard was lost
        let delivery = sent.delivery
        guard permit.isValid, mayWork(in: delivery.shard),
            case .active(let subscriber) = subscribers.state(of: delivery.webhookID), subscriber === sent.subscriber
        else { return giveUp(sent) }
        let now = permit.databaseNow
        switch result {
        case .success(let payload):
            let begun = Sent(
                sent.flight, sent.event, subscriber, attempt: sent.attempt, startedAt: now,
                dataEventID: sent.dataEventID,
                subject: sent.subject)
            start(begun, queryResult: payload)
        case .failure(let failure): fail(sent, failure, at: now)
        }
    }

    /// Nothing was sent, and nothing comes of it.
    func giveUp(_ sent: Sent) {
        guard isUnderWay(sent.flight) else { return }
        endDebounced(sent, hasSucceeded: false)
        putBack(sent.flight)
    }

    /// The receiver has no part in it: neither breaker nor rate hear of it.
    private func fail(_ sent: Sent, _ failure: AskedQuery.Failure, at now: Instant) {
        let delivery = sent.delivery
        land(sent.flight)
        let settled = Verdict(sent, failure, now: now).settled
        endDebounced(sent, hasSucceeded: false)
        lanes.with(delivery.webhookID, in: delivery.shard) { lane in
            lane.pace.cancelStart(at: now, limits: sent.flight.limits)
            sent.leave(lane, settled.fate)
        }
        record(settled)
        reconsider(delivery.webhookID)
    }
}

/// What was found of the resources that queries ask for. A class because it is handed along and never changes.
final class QueryAnswers: Sendable {
    private struct Key: Hashable {
        let tenant: Tenant.ID
        let resource: Fingerprint
    }

    private let answers: [Key: AskedQuery.Answer]

    init(_ rows: [FindNewestOfResources.Row]) {
        answers = Dictionary(
            rows.map {
                (Key(tenant: $0.tenantID, resource: $0.resource), .init(eventID: $0.eventID, data: $0.data))
            }, uniquingKeysWith: { one, _ in one })
    }

    subscript(tenant: Tenant.ID, resource: Fingerprint) -> AskedQuery.Answer? {
        answers[Key(tenant: tenant, resource: resource)]
    }
}
