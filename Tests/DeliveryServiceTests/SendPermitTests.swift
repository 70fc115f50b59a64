import Testing
import Webhooks

@testable import DeliveryService

@Suite struct SendPermitTests {
    @Test func withoutABeatNothingMayBeSent() {
        let permit = SendPermit()
        #expect(!permit.isValid)
    }

    @Test func aBeatAllowsSendingFromTheMomentItWasSent() {
        let permit = SendPermit()
        let now = ContinuousClock.now
        permit.renew(sent: now, answered: now, databaseTime: .now)
        #expect(permit.isValid)
        permit.renew(sent: now - .seconds(7), answered: now, databaseTime: .now)
        #expect(!permit.isValid)
        permit.renew(sent: now, answered: now, databaseTime: .now)
        permit.revoke()
        #expect(!permit.isValid)
    }

    @Test func theDatabaseDecidesTheTime() {
        let permit = SendPermit()
        let now = ContinuousClock.now
        let theirs = Instant.now + .seconds(3600)
        permit.renew(sent: now, answered: now, databaseTime: theirs)
        #expect(permit.databaseNow >= theirs)
        #expect(permit.databaseNow < theirs + .seconds(60))
    }
}
