import DequeModule

extension PoolState {
    /// Who had the ticket, if anybody still waits with it.
    mutating func takeOut(_ ticket: Ticket) -> Use? {
        let use = waiting.removeValue(forKey: ticket)
        if use == .leased { waitingLeases -= 1 }
        return use
    }

    /// Takes a session for a caller who comes now (and so waits behind those of his kind) or whose turn it is.
    mutating func grant(_ use: Use, ifNobodyWaits: Bool = false) -> SessionID? {
        switch use {
        case .shared:
            if ifNobodyWaits, first(of: \.statementQueue) != nil { return nil }
            var best: Int?
            for index in sessions.indices where sessions[index].takesStatements(upTo: limits.depth) {
                if best.map({ sessions[index].statements < sessions[$0].statements }) ?? true { best = index }
            }
            guard let best else { return nil }
            sessions[best].statements += 1
            markServing(best)
            return sessions[best].id
        case .leased:
            if ifNobodyWaits, first(of: \.leaseQueue) != nil { return nil }
            guard let index = sessions.firstIndex(where: \.isFree) else { return nil }
            sessions[index].isLeased = true
            sessions[index].isReserved = false
            markServing(index)
            return sessions[index].id
        }
    }

    /// Serves whoever can be served, the older ticket first.
    mutating func serve() {
        while true {
            let statement = first(of: \.statementQueue)
            let lease = first(of: \.leaseQueue)
            guard let older = [statement, lease].compactMap(\.self).min() else { break }
            if serve(older) { continue }
            guard let younger = [statement, lease].compactMap(\.self).max(), younger != older, serve(younger) else {
                break
            }
        }
        reserve()
    }

    private mutating func serve(_ ticket: Ticket) -> Bool {
        guard let use = waiting[ticket], let id = grant(use) else { return false }
        _ = takeOut(ticket)
        actions.append(.grant(ticket, id))
        return true
    }

    /// The first ticket in the queue that is still good: those that were withdrawn are dropped when they come first.
    private mutating func first(of queue: WritableKeyPath<PoolState, Deque<Ticket>>) -> Ticket? {
        while let ticket = self[keyPath: queue].first {
            if waiting[ticket] != nil { return ticket }
            self[keyPath: queue].removeFirst()
        }
        return nil
    }

    /// Keeps as many sessions from taking statements as leases wait, less those that are being opened; those with the
    /// fewest statements, for they fall idle first.
    mutating func reserve() {
        guard waitingLeases > 0 || sessions.contains(where: \.isReserved) else { return }
        var wanted = waitingLeases - sessions.count { !$0.isOpen }
        for index in sessions.indices where sessions[index].isReserved {
            wanted -= 1
            if wanted < 0 { sessions[index].isReserved = false }
        }
        while wanted > 0 {
            let candidates = sessions.indices.filter {
                sessions[$0].isOpen && !sessions[$0].isLeased && !sessions[$0].isReserved
            }
            guard let best = candidates.min(by: { sessions[$0].statements < sessions[$1].statements }) else { return }
            sessions[best].isReserved = true
            wanted -= 1
        }
    }
}
