import Testing

@testable import Postgres

@Suite struct PoolStateTests {
    /// A state with so many sessions open, and nothing left to do.
    private func state(
        open: Int = 0, sessions: Int = 4, waiting: Int = 10, depth: Int = 2, growth: Int = 1
    ) -> PoolState {
        var state = PoolState(
            limits: .init(
                sessions: sessions, waiting: waiting, depth: depth, growth: growth,
                backoff: .milliseconds(100) ... .milliseconds(500)))
        var leases: [Int] = []
        for _ in 0..<open { _ = state.request(.leased) }
        for case .open(let id) in state.takeActions() { state.opened(id) }
        for case .grant(_, let id) in state.takeActions() { leases.append(id) }
        for id in leases { state.release(id, .leased) }
        _ = state.takeActions()
        return state
    }

    @Test func theFirstSessionOpensAtOnceAndServesWhoWaited() {
        var state = state(growth: 4)
        state.start()
        #expect(state.takeActions() == [.open(1)])
        #expect(state.request(.shared) == .waiting(1))
        #expect(state.request(.leased) == .waiting(2))
        #expect(state.takeActions() == [.open(2)])
        #expect(!state.isReachable)
        state.opened(1)
        #expect(state.takeActions() == [.grant(1, 1)])
        state.opened(2)
        #expect(state.takeActions() == [.grant(2, 2)])
        #expect(state.isReachable)
    }

    @Test func statementsGoToTheSessionWithTheFewest() {
        var state = state(open: 2, sessions: 2)
        #expect((0..<4).map { _ in state.request(.shared) } == [.granted(1), .granted(2), .granted(1), .granted(2)])
        #expect(state.request(.shared) == .waiting(3))
        state.release(2, .shared)
        #expect(state.takeActions() == [.grant(3, 2)])
    }

    @Test func aCrowdedPoolGrowsOneByOne() {
        var state = state(open: 1, sessions: 3)
        #expect(state.request(.shared) == .granted(1))
        #expect(state.takeActions() == [.open(2)])
        #expect(state.request(.shared) == .granted(1))
        #expect(state.takeActions().isEmpty)  // one is on its way
        state.opened(2)
        #expect(state.request(.shared) == .granted(2))
        #expect(state.takeActions() == [.open(3)])
        state.opened(3)
        #expect((0..<3).map { _ in state.request(.shared) } == [.granted(3), .granted(2), .granted(3)])
        #expect(state.takeActions().isEmpty)  // as many as it may have
    }

    @Test func aLeaseHasItsSessionToItself() {
        var state = state(open: 1, sessions: 1)
        #expect(state.request(.leased) == .granted(1))
        #expect(state.request(.shared) == .waiting(2))
        #expect(state.request(.leased) == .waiting(3))
        state.release(1, .leased)
        #expect(state.takeActions() == [.grant(2, 1)])  // who came first
        #expect(state.request(.shared) == .waiting(4))  // the session is kept for the lease now
        state.release(1, .shared)
        #expect(state.takeActions() == [.grant(3, 1)])
        state.release(1, .leased)
        #expect(state.takeActions() == [.grant(4, 1)])
    }

    @Test func aLeaseThatWaitsHoldsUpNoStatementOnAnotherSession() {
        var state = state(open: 2, sessions: 2)
        #expect(state.request(.shared) == .granted(1))
        #expect(state.request(.shared) == .granted(2))
        #expect(state.request(.leased) == .waiting(3))
        #expect(state.request(.shared) == .granted(2))
        state.cancel(3)
        #expect(state.takeActions() == [.refuse(3, .cancelled)])
        #expect(state.request(.shared) == .granted(1))
    }

    @Test func waitingIsBoundedAndEnds() {
        var state = state(open: 1, sessions: 1, waiting: 1)
        #expect(state.request(.leased) == .granted(1))
        #expect(state.request(.shared) == .waiting(2))
        #expect(state.request(.shared) == .refused(.busy))
        state.expire(2)
        #expect(state.takeActions() == [.refuse(2, .timedOut)])
        state.expire(2)  // again: harmless
        state.release(1, .leased)
        #expect(state.takeActions().isEmpty)
        #expect(state.request(.shared) == .granted(1))
    }

    @Test func afterAFailureItTriesOneSessionAtATimeWithGrowingPauses() {
        var state = state()
        for _ in 0..<3 { _ = state.request(.leased) }
        #expect(state.takeActions() == [.open(1), .open(2), .open(3)])
        for id in 1...3 { state.failed(id, "refused") }
        #expect(state.takeActions() == [.reportLost("refused"), .pause(.milliseconds(100))])
        for (id, pause) in [(4, 200), (5, 400), (6, 500), (7, 500)] {
            state.pauseIsOver()
            #expect(state.takeActions() == [.open(id)])
            state.failed(id, "refused")
            #expect(state.takeActions() == [.pause(.milliseconds(pause))])
        }
        state.expire(1)
        #expect(state.takeActions() == [.refuse(1, .connection("refused"))])
        state.pauseIsOver()
        #expect(state.takeActions() == [.open(8)])
        state.opened(8)
        #expect(state.takeActions() == [.reportRegained, .grant(2, 8), .open(9)])
    }

    @Test func aSessionThatDiedIsReplacedAtOnceUnlessItNeverServed() {
        var state = state(open: 1)
        #expect(state.request(.shared) == .granted(1))
        _ = state.takeActions()
        state.opened(2)
        state.died(2, "gone")
        #expect(state.takeActions() == [.pause(.milliseconds(100))])  // 1 is still open: no outage
        state.died(1, "gone")
        #expect(state.takeActions() == [.reportLost("gone")])
        state.release(1, .shared)  // harmless
        state.pauseIsOver()
        #expect(state.takeActions() == [.open(3)])
    }

    @Test func aLeaseThatIsNoGoodIsClosedAndReplaced() {
        var state = state(open: 1)
        #expect(state.request(.leased) == .granted(1))
        state.release(1, .leased, isReusable: false)
        #expect(state.takeActions() == [.close(1), .open(2)])
    }

    @Test func closingRefusesWaitsAndFinishes() {
        var state = state(open: 2, sessions: 3)
        #expect(state.request(.leased) == .granted(1))
        #expect(state.request(.leased) == .granted(2))
        #expect(state.request(.leased) == .waiting(3))
        #expect(state.takeActions() == [.open(3)])
        state.close()
        #expect(state.takeActions() == [.refuse(3, PoolState.closed), .close(3)])
        #expect(state.request(.shared) == .refused(PoolState.closed))
        state.release(1, .leased)
        #expect(state.takeActions() == [.close(1)])
        state.died(2, "gone")
        #expect(state.takeActions() == [.finish])
        state.opened(3)  // too late: harmless
        #expect(state.takeActions().isEmpty)
    }
}
