import Curl
import Dressing
import Epoll
import Postgres
import Sending
import Store
import Webhooks

/// Taking deliveries in turn, loading their events, dressing and sending them.
extension Dispatcher {
    static let eventsALoad = 256

    /// Runs the pump once, after everything that is happening now.
    func planPump() {
        guard !isPumpPlanned else { return }
        isPumpPlanned = true
        reactor.perform { [weak self] in self?.assumeIsolated { $0.pump() } }
    }

    /// Takes deliveries while there are slots, and while what came of earlier ones can be recorded.
    private func pump() {
        isPumpPlanned = false
        guard permit.isValid else { return }  // the tick tries again
        let now = permit.databaseNow
        while flushQueue.hasRoom, let turn = scheduler.next() {
            guard case .active(let subscriber) = subscribers.state(of: turn.webhook),
                let shard = lanes[turn.webhook]?.shard, mayWork(in: shard)
            else { continue }
            guard origins.enter(subscriber.origin, turn.webhook, of: turn.tenant) else { continue }
            if let taken = lanes.with(turn.webhook, in: shard, { $0.take(at: now, limits: subscriber.limits) }) {
                begin(taken, turn, subscriber)
            } else {
                leave(subscriber.origin)
            }
            reconsider(turn.webhook)
        }
        if !toLoad.isEmpty { loadSignal.raise() }
    }

    private func begin(_ delivery: Delivery, _ turn: Scheduler.Turn, _ subscriber: Subscriber) {
        scheduler.started(turn)
        let flight = Flight(delivery, turn, subscriber)
        toLoad.append(flight)
        flights[delivery.id] = flight
        flightsOfShard[flight.shard, default: 0] += 1
    }

    /// A request to the origin is over: the next lane that was turned away there gets its chance.
    private func leave(_ origin: Origin) {
        origins.leave(origin)
        callNext(of: origin)
    }

    private func callNext(of origin: Origin) {
        while let webhook = origins.nextWaiting(for: origin), !reconsider(webhook) {}
    }

    /// Lanes whose turn came and that had nothing to send any more let the next one in: looked at each second.
    func callWaiting() { for origin in origins.idle() { callNext(of: origin) } }

    func loadEvents() async {
        for await _ in loadSignal.raised {
            while !toLoad.isEmpty {
                let batch = Array(toLoad.prefix(Self.eventsALoad))
                toLoad.removeFirst(batch.count)
                await load(batch)
            }
        }
    }

    /// One event that cannot be read holds up nobody else's: the batch is then loaded one by one.
    private func load(_ batch: [Flight]) async {
        do {
            let deliveries = batch.map(\.delivery)
            try await recallSent(of: deliveries)
            let found = try await findEvents(of: deliveries)
            for flight in batch { send(flight, found[flight.delivery.eventID]) }
        } catch .decoding where batch.count > 1 {
            for flight in batch { await load([flight]) }
        } catch .decoding {
            for flight in batch { settleWithoutEvent(flight, "The event as it is stored cannot be read.") }
        } catch {
            for flight in batch { putBack(flight) }
            meters.databaseFailed(error, logger)
            await reactor.pause(for: .milliseconds(250))
        }
    }

    /// Each event once, however many of the deliveries are owed of it; with the newest data of its resource where any
    /// of the webhooks wants that.
    private func findEvents(of batch: [Delivery]) async throws(PostgresError) -> [Event.ID: EventToSend] {
        var wanted: [EventKey: Bool] = [:]
        for delivery in batch {
            var wantsNewest = true
            if case .active(let subscriber) = subscribers.state(of: delivery.webhookID) {
                wantsNewest = subscriber.webhook.configuration.data == .latest
            }
            let key = EventKey(of: delivery)
            if wantsNewest || wanted[key] == nil { wanted[key] = wantsNewest }
        }
        let events = try await pool.execute(
            FindEventsToSend(Array(wanted.keys), wantsNewest: Array(wanted.values), at: permit.databaseNow))
        return Dictionary(events.map { ($0.event.id, $0) }, uniquingKeysWith: { one, _ in one })
    }

    private func send(_ flight: Flight, _ found: EventToSend?) {
        guard isUnderWay(flight) else { return }
        let delivery = flight.delivery
        guard permit.isValid, case .active(let subscriber) = subscribers.state(of: delivery.webhookID),
            mayWork(in: flight.shard)
        else { return putBack(flight) }
        guard let found else { return settleWithoutEvent(flight, "The event is no longer stored.") }
        let startedAt = permit.databaseNow
        let choice = subscriber.webhook.configuration.data
        let event = found.event(with: choice)
        let subject = DebounceSubject(event, delivery, to: subscriber)
        if let subject, let window = subscriber.debounce, delivery.trigger == .event {
            switch debouncer.admit(subject, flight, in: flight.shard, window: window, at: startedAt) {
            case .send: break
            case .wait: return
            case .drop: return settle(flight) { Verdict.debounced(delivery, of: event, at: $0) }
            }
        }
        let sent = Sent(
            flight, event, subscriber, attempt: delivery.attempts + 1, startedAt: startedAt,
            dataEventID: found.dataEventID(with: choice), subject: subject)
        if subscriber.prepared.hasQuery { query(sent) } else { start(sent) }
    }

    /// - Parameter queryResult: what the webhook's query gave; nil where it has none.
    func start(_ sent: Sent, queryResult: [UInt8]? = nil) {
        let prepared = sent.subscriber.prepared
        let dressed = dresser.dress(
            sent.event, for: prepared, delivery: sent.delivery, attempt: sent.attempt, at: sent.startedAt,
            queryResult: queryResult)
        meters.started(attempt: sent.attempt, accepted: sent.event.acceptedAt, at: sent.startedAt)
        let request = sender.assumeIsolated { [permit] sender in
            sender.start(dressed, for: prepared, maySend: { permit.isValid }) { [weak self] result in
                self?.assumeIsolated { $0.ended(sent, result) }
            }
        }
        if isUnderWay(sent.flight) { transfers[sent.delivery.id] = request }
    }

    private func ended(_ sent: Sent, _ result: SentRequest) {
        let outcome = result.outcome
        let delivery = sent.delivery
        guard isUnderWay(sent.flight) else { return }  // its shard was lost: the next owner repeats it
        if case .failure(.cancelled) = outcome.result { return giveUp(sent) }
        land(sent.flight)
        let now = permit.databaseNow
        let settled = Verdict(sent, result, now: now).settled
        endDebounced(sent, hasSucceeded: settled.invocation.outcome == .succeeded)
        lanes.with(delivery.webhookID, in: delivery.shard) { lane in
            lane.pace.note(
                settled.invocation.errorClass, at: now, startedAt: sent.startedAt,
                took: settled.invocation.duration, limits: sent.subscriber.limits)
            if let pause = Verdict.pause(outcome, now: now) { lane.pace.pause(until: pause) }
            sent.leave(lane, settled.fate)
        }
        remember(delivery.webhookID)
        if settled.invocation.errorClass == .http410 {
            disable(sent.subscriber.webhook, reason: Recorder.gone)
        }
        record(settled)
        reconsider(delivery.webhookID)
    }

    /// Whether it was not given up meanwhile, with its shard.
    func isUnderWay(_ flight: Flight) -> Bool { flights[flight.delivery.id] === flight }

    /// Takes a flight out of those under way.
    func land(_ flight: Flight) {
        flights[flight.delivery.id] = nil
        flightsOfShard[flight.shard, default: 0] -= 1
        free(flight)
    }

    /// Its slot is free again, for whoever waits for one.
    func free(_ flight: Flight) {
        transfers[flight.delivery.id] = nil
        scheduler.ended(flight.turn, took: ContinuousClock.now - flight.startedAt)
        leave(flight.origin)
        planPump()
    }

    /// Nothing was sent: it goes back to its place.
    func putBack(_ flight: Flight) {
        guard isUnderWay(flight) else { return }
        land(flight)
        let delivery = flight.delivery
        guard lanes[delivery.webhookID] != nil else { return }
        let now = permit.databaseNow
        lanes.with(delivery.webhookID, in: delivery.shard) { $0.putBack(delivery, at: now, limits: flight.limits) }
        switch subscribers.state(of: delivery.webhookID) {
        case .held: lanes.with(delivery.webhookID, in: delivery.shard) { $0.clearWindow() }
        default: reconsider(delivery.webhookID)
        }
    }

    // MARK: Settled without a request

    /// Nothing can be sent any more, whatever the number of attempts.
    private func settleWithoutEvent(_ flight: Flight, _ reason: String) {
        settle(flight) { Verdict.withoutRequest(flight.delivery, .failed, detail: reason, at: $0) }
    }

    /// - Parameter verdict: what it comes to, at an instant.
    private func settle(_ flight: Flight, _ verdict: (Instant) -> SettledDelivery) {
        guard isUnderWay(flight) else { return }
        land(flight)
        let (delivery, now) = (flight.delivery, permit.databaseNow)
        lanes.with(delivery.webhookID, in: delivery.shard) { lane in
            lane.pace.cancelStart(at: now, limits: flight.limits)
            lane.finish(delivery)
        }
        record(verdict(now))
        reconsider(delivery.webhookID)
    }

    /// The webhook is not enabled and discards what comes meanwhile.
    func discardWindow(of webhook: Webhook.ID) {
        guard let lane = lanes[webhook], !lane.window.isEmpty || !lane.keys.heads.isEmpty else { return }
        guard flushQueue.hasRoom else {
            discardingLanes.insert(webhook)
            return
        }
        let discarded = lanes.with(webhook, in: lane.shard) { $0.takeAll() }
        for delivery in discarded {
            record(Verdict.withoutRequest(delivery, .discarded, detail: nil, at: permit.databaseNow))
        }
    }
}
