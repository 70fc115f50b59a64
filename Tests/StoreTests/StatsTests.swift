import Postgres

import Testing
import Webhooks

@testable import Store

@Suite struct StatsTests {
    @Test("Counters are added, summed, and counted again from the history to the same figures")
    func recount() async throws {
        try await withWorld { world in
            let webhook = try await world.makeWebhook()
            let rows = try await world.owe(6, to: webhook.id)
            let now = Instant.now
            let invocations = [
                Invocation.sample(of: rows[0], at: now, duration: .microseconds(400)),
                Invocation.sample(of: rows[1], at: now + .seconds(2), duration: .milliseconds(2)),
                Invocation.sample(
                    of: rows[2], at: now, duration: .seconds(70), outcome: .failed, error: .timeout, status: nil),
                Invocation.sample(
                    of: rows[2], attempt: 2, at: now, duration: .milliseconds(11), outcome: .failed, error: .other),
                Invocation.sample(of: rows[3], at: now, outcome: .debounced, status: nil),
                Invocation.sample(of: rows[4], at: now, outcome: .discarded, status: nil),
                Invocation.sample(of: rows[5], trigger: .test, at: now),
                Invocation.sample(of: rows[5], trigger: .retry, at: now),
            ]
            var minutes: [Instant: DeliveryStatsRow] = [:]
            for invocation in invocations {
                let minute = invocation.startedAt.startOfMinute
                minutes[
                    minute,
                    default: DeliveryStatsRow(
                        shard: world.shard, webhookID: webhook.id, tenantID: world.tenant.id, minute: minute)
                ].count(invocation)
            }
            let stats = minutes.values.sorted { $0.minute < $1.minute }
            _ = try await world.delivery.execute(InsertInvocations(invocations))
            let sum = SumDeliveryStats(since: now.startOfMinute)
            #expect(try await world.metrics.execute(sum) == [DeliveryCounts()])
            #expect(try await world.metrics.execute(FindOldestStats()) == [nil])
            _ = try await world.delivery.execute(AddDeliveryStats(stats))
            let counts = try #require(try await world.metrics.execute(sum).first)
            #expect(counts.succeeded == 3 && counts.failed == 2 && counts.debounced == 1 && counts.discarded == 1)
            #expect(counts.durations.reduce(0, +) == 5 && counts.durations[0] == 1 && counts.durations[15] == 1)
            #expect(counts.latencies.reduce(0, +) == 3)
            #expect(counts.errors[0] == 1 && counts.errors[15] == 1 && counts.errors.reduce(0, +) == 2)
            #expect(counts.durationMilliseconds == 0 + 2 + 70_000 + 11 + 7)
            _ = try await world.delivery.execute(AddDeliveryStats(stats))  // counted twice …
            #expect(try await world.metrics.execute(sum).first?.failed == 4)
            _ = try await world.delivery.execute(
                RecountDeliveryStats(shards: [world.shard], since: now.startOfMinute + .seconds(-60)))
            #expect(try await world.metrics.execute(sum) == [counts])  // … and set right
        }
    }

    @Test("Buckets of time are those of the webhooks asked for")
    func buckets() async throws {
        try await withWorld { world in
            let (one, two) = (try await world.makeWebhook(), try await world.makeWebhook())
            let hour = Instant(microseconds: 1_741_564_800_000_000)
            func row(_ webhook: Webhook, _ minute: Instant, _ succeeded: Int) -> DeliveryStatsRow {
                var counts = DeliveryCounts()
                counts.succeeded = succeeded
                counts.durations[3] = succeeded
                return DeliveryStatsRow(
                    shard: world.shard, webhookID: webhook.id, tenantID: world.tenant.id, minute: minute, counts: counts
                )
            }
            _ = try await world.delivery.execute(
                AddDeliveryStats([
                    row(one, hour, 1), row(one, hour + .seconds(60), 2), row(one, hour + .seconds(3600), 4),
                    row(two, hour, 8),
                ]))
            #expect(try await world.metrics.execute(FindOldestStats()) == [hour])
            func find(_ webhooks: [Webhook.ID], _ interval: FindStatsBuckets.Interval) -> FindStatsBuckets {
                FindStatsBuckets(
                    shard: world.shard, tenant: world.tenant.id, webhooks: webhooks, since: hour,
                    until: hour + .seconds(7200), interval: interval)
            }
            let hours = try await world.asTenant(find([one.id, two.id], .hour))
            #expect(hours.map(\.start) == [hour, hour + .seconds(3600)])
            #expect(hours.map(\.counts.succeeded) == [11, 4])
            #expect(try await world.asTenant(find([one.id], .minute)).map(\.counts.succeeded) == [1, 2, 4])
            #expect(try await world.asTenant(find([two.id], .day)).map(\.counts.durations[3]) == [8])
            #expect(try await world.asStranger(find([one.id], .day)).isEmpty)
        }
    }

    @Test("The queue is sampled by state")
    func queue() async throws {
        try await withWorld { world in
            #expect(
                try await world.metrics.execute(SampleQueue())
                    == [SampleQueue.Row(due: 0, scheduled: 0, held: 0, oldestDueAge: nil)])
            let active = try await world.makeWebhook()
            let inactive = try await world.makeWebhook { $0.isEnabled = false }
            try await world.owe(3, to: active.id)
            try await world.owe(2, to: inactive.id)
            try await world.owe(1, to: Webhook.ID())  // gone: due until its owner cancels it
            let head = try #require(try await world.pending(of: active.id).first)
            _ = try await world.delivery.execute(
                RescheduleDeliveries([.init(head, againAt: .now + .seconds(60), attempts: 1)]))
            let sample = try #require(try await world.metrics.execute(SampleQueue()).first)
            #expect(sample.due == 3 && sample.scheduled == 1 && sample.held == 2)
            #expect((sample.oldestDueAge ?? -1) >= 0)
            #expect(try await world.metrics.execute(SampleQueue(shards: [Shard.all[4]])).first?.due == 0)
        }
    }
}
