import Store
import Testing
import Webhooks

@testable import DeliveryService

@Suite struct WebhookHealthTests {
    static let now = Instant(microseconds: 1_760_000_000_000_000)

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var told: Int16?
        var isEnabled = true
        var isDeleted = false
        var consecutive: Int32 = 0
        var failingFor: Int64?
        var days: Int32 = 5
        var counts = FindWebhookHealth.Counts()
        var recent = FindWebhookHealth.Counts()
        var dueFor: Int64?
        var watchedFor: Int64 = 86_400
        var level: Int16?
        var reasons: [WebhookTrouble.Reason] = []
        var other: WebhookHealth.Change?
    }

    static let cases: [Case] = [
        Case(testDescription: "all is well"),
        Case(testDescription: "nine in a row", consecutive: 9, failingFor: 60),
        Case(
            testDescription: "ten in a row", consecutive: 10, failingFor: 60, level: 1,
            reasons: [.consecutiveFailures]),
        Case(testDescription: "told already", told: 1, consecutive: 30, failingFor: 60),
        Case(testDescription: "nineteen requests", counts: .init(succeeded: 1, failed: 18)),
        Case(
            testDescription: "twenty requests", counts: .init(succeeded: 9, failed: 11), level: 1,
            reasons: [.successRate]),
        Case(testDescription: "just half", counts: .init(succeeded: 10, failed: 10)),
        Case(testDescription: "waited a quarter of an hour", dueFor: 900),
        Case(testDescription: "waited longer", dueFor: 901, level: 1, reasons: [.oldestPending]),
        Case(testDescription: "due later", dueFor: -9000),
        Case(testDescription: "waited longer, but for a worker", dueFor: 9000, watchedFor: 900),
        Case(testDescription: "three days of five", failingFor: 3 * 86_400),
        Case(
            testDescription: "four days of five", told: 1, failingFor: 4 * 86_400, level: 2, reasons: [.disabledSoon]),
        Case(testDescription: "four days, told", told: 2, consecutive: 99, failingFor: 4 * 86_400),
        Case(testDescription: "four days, never disabled", failingFor: 4 * 86_400, days: 0),
        Case(testDescription: "one failure, disabled after a day of them", failingFor: 5, days: 1),
        Case(
            testDescription: "eighteen hours of the day", failingFor: 18 * 3600, days: 1, level: 2,
            reasons: [.disabledSoon]),
        Case(testDescription: "works again", told: 2, recent: .init(succeeded: 9, failed: 1), other: .recovered),
        Case(testDescription: "works mostly", told: 1, recent: .init(succeeded: 8, failed: 1)),
        Case(testDescription: "nothing sent since", told: 1),
        Case(testDescription: "one success, then failures", told: 1, failingFor: 5, recent: .init(succeeded: 99)),
        Case(
            testDescription: "works, but is far behind", told: 1, recent: .init(succeeded: 9), dueFor: 1000),
        Case(testDescription: "works, but is behind still", told: 1, recent: .init(succeeded: 9), dueFor: 301),
        Case(
            testDescription: "works, and has caught up", told: 1, recent: .init(succeeded: 9), dueFor: 300,
            other: .recovered),
        Case(testDescription: "switched off", told: 1, isEnabled: false, consecutive: 10, other: .forget),
        Case(testDescription: "deleted", told: 1, isDeleted: true, other: .forget),
        Case(testDescription: "switched off, never told", isEnabled: false, consecutive: 10),
    ]

    @Test("What a tenant is told", arguments: cases)
    func change(each: Case) {
        var configuration = WebhookConfiguration(name: "w", url: "https://example.com/", events: ["*"])
        configuration.isEnabled = each.isEnabled
        let webhook = Webhook(
            id: Webhook.ID(), tenantID: Tenant.ID(), shard: Shard.all[1], configuration: configuration,
            disabledReason: nil, version: 1, createdAt: Self.now, updatedAt: Self.now)
        var row = FindWebhookHealth.Row(webhook: webhook, now: Self.now)
        row.toldLevel = each.told
        row.isDeleted = each.isDeleted
        row.consecutiveFailures = each.consecutive
        row.failingSince = each.failingFor.map { Self.now - .seconds($0) }
        row.disablingDays = each.days
        row.counts = each.counts
        row.recent = each.recent
        row.firstDue = each.dueFor.map { Self.now - .seconds($0) }
        switch WebhookHealth.change(row, watchedSince: Self.now - .seconds(each.watchedFor)) {
        case .failing(let level, let trouble):
            #expect(level == each.level && trouble.reasons == each.reasons)
        case let other:
            #expect(each.level == nil && other == each.other)
        }
    }
}
