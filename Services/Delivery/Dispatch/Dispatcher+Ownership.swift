import Epoll
import Sending
import Webhooks

/// Taking shards over and giving them away.
extension Dispatcher {
    /// These shards are mine from now on: their lanes are found by a scan.
    func took(_ shards: [Shard]) {
        for shard in shards where owned.insert(shard).inserted {
            unread.insert(shard)
            ownedSince[shard] = permit.databaseNow
            shardsToScan.append(shard)
        }
        meters.owns(owned.count)
        wakeSignal.raise()
    }

    /// Another worker has them: nothing of them is recorded here any more.
    func lost(_ shards: [Shard]) {
        for shard in shards { drop(shard) }
    }

    /// Lets go of shards in order: nothing new is sent, what is under way may end within `limit`, all of it is
    /// recorded, then the lease goes back. What does not end in time is cancelled; the next owner repeats it.
    /// - Parameter limit: nil waits for the requests' own timeouts.
    func release(_ shards: [Shard], within limit: Duration?) async {
        let all = Set(shards).intersection(owned).subtracting(leaving)
        var rest = all
        leaving.formUnion(rest)
        for shard in rest { closeLanes(of: shard) }
        let deadline = limit.map { limit in
            reactor.alarm(after: limit) { [weak self] in self?.assumeIsolated { $0.cancelRequests(of: all) } }
        }
        defer { if let deadline { reactor.cancel(deadline) } }
        while !rest.isEmpty, !Task.isCancelled {
            let idle = rest.filter { flightsOfShard[$0, default: 0] == 0 && !flushQueue.contains($0) }
            if idle.isEmpty {
                await reactor.pause(for: .milliseconds(5))
                continue
            }
            let last = Flush(stats: stats.take(of: idle), lanes: takeMemories(of: idle))
            for shard in idle { drop(shard) }  // before: the lease may be mine again when the answer comes
            rest.subtract(idle)
            await recorder.giveBack(idle, last: last)
        }
    }

    /// Until shards that were being let go of before are given back too.
    func awaitRelease() async {
        while !owned.isEmpty, !Task.isCancelled { await reactor.pause(for: .milliseconds(5)) }
    }

    private func closeLanes(of shard: Shard) {
        for webhook in lanes.of(shard).map(\.webhookID) {
            lanes.with(webhook, in: shard) { $0.clearWindow() }
            if let set = laneAlarms.removeValue(forKey: webhook) { reactor.cancel(set.alarm) }
        }
    }

    private func cancelRequests(of shards: Set<Shard>) {
        let requests = flights.values.filter { shards.contains($0.shard) }.compactMap { transfers[$0.delivery.id] }
        guard !requests.isEmpty else { return }
        sender.assumeIsolated { sender in for request in requests { sender.cancel(request) } }
    }

    /// Forgets everything of a shard that is not mine any more.
    func drop(_ shard: Shard) {
        guard owned.remove(shard) != nil else { return }
        leaving.remove(shard)
        flightsOfShard[shard] = nil
        unread.remove(shard)
        overdueLanes[shard] = nil
        ownedSince[shard] = nil
        cancelRequests(of: [shard])
        toLoad.removeAll { $0.shard == shard }
        for (delivery, flight) in flights where flight.shard == shard {
            flights[delivery] = nil
            free(flight)
        }
        debouncer.drop(shard)
        flushQueue.drop([shard])
        stats.drop(shard)
        for webhook in lanes.of(shard).map(\.webhookID) {
            forgetLane(webhook)
            if let set = laneAlarms.removeValue(forKey: webhook) { reactor.cancel(set.alarm) }
        }
        meters.owns(owned.count)
    }
}
