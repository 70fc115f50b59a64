import Testing

@testable import DeliveryService

@Suite struct WakeCursorTests {
    @Test func aLateCommitIsFoundOnceAndOnlyOnce() {
        var cursor = WakeCursor(horizon: 10)
        #expect(cursor.newest == 9)
        cursor.saw([10, 12])
        #expect(cursor.newest == 12)
        #expect(cursor.late(among: [10, 11, 12], horizon: 11) == [11])
        #expect(cursor.late(among: [11, 12], horizon: 13) == [])
        #expect(cursor.horizon == 13)
    }

    @Test func theHorizonNeverMovesBack() {
        var cursor = WakeCursor(horizon: 10)
        _ = cursor.late(among: [], horizon: 20)
        _ = cursor.late(among: [], horizon: 15)
        #expect(cursor.horizon == 20)
    }
}
