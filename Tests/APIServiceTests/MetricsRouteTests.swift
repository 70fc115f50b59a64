import HTTPTypes
import JSON
import Store
import TestSupport
import Testing
import Webhooks

@testable import APIService

@Suite("Metrics of a tenant")
struct MetricsRouteTests {
    @Test("Counts are summed by step, over one webhook or all; nothing is null or zero")
    func sums() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let hour = try #require(Instant(rfc3339: "2026-03-01T10:00:00Z"))
            func row(_ webhook: Webhook.ID, minute: Int, _ outcomes: [(Outcome, ErrorClass?, Int)]) -> DeliveryStatsRow
            {
                var row = DeliveryStatsRow(
                    shard: seed.tenant.shard, webhookID: webhook, tenantID: seed.tenant.id,
                    minute: hour + .seconds(60 * minute))
                for (outcome, errorClass, milliseconds) in outcomes {
                    row.count(
                        Invocation(
                            id: Invocation.ID(), shard: row.shard, tenantID: row.tenantID, webhookID: webhook,
                            eventID: nil, deliveryID: nil, eventType: "order-created", attempt: 1, trigger: .event,
                            startedAt: row.minute, duration: .milliseconds(milliseconds), outcome: outcome,
                            errorClass: errorClass, isFinal: true))
                }
                return row
            }
            let other = try #require(Webhook.ID(try await api.makeWebhook().string("id") ?? ""))
            try await database.transact(
                AddDeliveryStats(
                    [
                        row(seed.webhook, minute: 0, [(.succeeded, nil, 20), (.failed, .http5xx, 900)]),
                        row(seed.webhook, minute: 61, [(.succeeded, nil, 20), (.succeeded, nil, 20)]),
                        row(other, minute: 0, [(.failed, .timeout, 5000)]),
                    ].sorted { ($0.webhookID, $0.minute) < ($1.webhookID, $1.minute) }))
            let span = "from=2026-03-01T10:00:00Z&to=2026-03-01T13:00:00Z"
            let one = try await api.send(.get, "/company/webhooks/\(seed.webhook)/metrics?\(span)")
            #expect(one.status == 200, "\(one.text)")
            #expect(try one.value("total.succeeded")?.integer == 3 && one.value("total.failed")?.integer == 1)
            #expect(try one.value("total.successRate")?.double == 0.75)
            #expect(try one.value("total.errors")?.compactBytes == Array(#"{"http_5xx":1}"#.utf8))
            #expect(try one.value("total.queueDepth")?.integer == 1)
            #expect(try one.value("total.oldestPendingSeconds")?.double.map { $0 >= 0 && $0 < 3600 } == true)
            let buckets = try #require(try one.json.member("buckets")?.elements.map(\.self))
            #expect(
                buckets.map { $0.member("start")?.string } == [
                    "2026-03-01T10:00:00.000Z", "2026-03-01T11:00:00.000Z", "2026-03-01T12:00:00.000Z",
                ])
            #expect(buckets.map { $0.member("succeeded")?.integer } == [1, 2, 0])
            #expect(buckets[2].member("successRate")?.isNull == true)
            #expect(buckets[2].member("responseTimeMs")?.member("p50")?.isNull == true)
            let p50 = buckets[1].member("responseTimeMs")?.member("p50")?.double ?? 0
            #expect(p50 > 10 && p50 <= 25)

            let all = try await api.send(.get, "/company/metrics?\(span)&interval=day")
            #expect(try all.value("total.failed")?.integer == 2 && all.string("interval") == "day")
            #expect(try all.value("total.errors")?.compactBytes == Array(#"{"timeout":1,"http_5xx":1}"#.utf8))
            let minutes = try await api.send(.get, "/company/metrics?\(span)&interval=minute")
            #expect(try minutes.json.member("buckets")?.elements.count == 180)
            let fallback = try await api.send(.get, "/company/metrics")
            #expect(try fallback.string("interval") == "hour")
            #expect(try [24, 25].contains(fallback.json.member("buckets")?.elements.count ?? 0))
            #expect(try fallback.value("total.successRate")?.isNull == true)
        }
    }

    @Test("Several webhooks have their totals in one answer, in the order asked for; what waits is shown by step")
    func several() async throws {
        try await withAPI { api, database in
            let seed = try await History.seed(api, database)
            let other = try #require(try await api.makeWebhook().string("id"))
            var row = DeliveryStatsRow(
                shard: seed.tenant.shard, webhookID: seed.webhook, tenantID: seed.tenant.id,
                minute: Instant.now.startOfMinute)
            row.counts.succeeded = 3
            row.counts.failed = 1
            try await database.transact(AddDeliveryStats([row]), SampleQueueDepths(shards: Shard.all))
            try await api.makeTenant("other")
            let foreign = try #require(
                try await api.with { $0.tenant = "other" }.makeWebhook().string("id"))
            let unknown = "wbh_\(ULID(milliseconds: 1, random: 1))"
            let path = "/company/webhooks/metrics?ids=\(other),\(foreign),\(seed.webhook),\(unknown)"
            let answer = try await api.send(.get, path)
            #expect(answer.status == 200, "\(answer.text)")
            let rows = try #require(try answer.json.member("data")?.elements.map(\.self))
            #expect(rows.map { $0.member("webhookId")?.string } == [other, "\(seed.webhook)"])
            #expect(rows.map { $0.member("succeeded")?.integer } == [0, 3])
            #expect(rows.map { $0.member("queueDepth")?.integer } == [0, 1])
            #expect(rows[1].member("successRate")?.double == 0.75 && rows[0].member("successRate")?.isNull == true)
            let one = try await api.send(.get, "/company/webhooks/\(seed.webhook)/metrics")
            let last = try #require(try one.json.member("buckets")?.elements.map(\.self))
            #expect(last.compactMap { $0.member("queueDepth")?.integer }.max() == 1)
            for wrong in ["", "?ids=", "?ids=x", "?ids=\(other),", "?ids=\(unknown)&from=tomorrow"] {
                #expect(try await api.send(.get, "/company/webhooks/metrics\(wrong)").status == 400, "\(wrong)")
            }
            let many = (0...MetricsRoutes.webhookLimit).map { "wbh_\(ULID(milliseconds: 1, random: UInt128($0)))" }
            let refused = try await api.send(.get, "/company/webhooks/metrics?ids=" + many.joined(separator: ","))
            #expect(refused.status == 400)
        }
    }

    @Test("What cannot be asked")
    func refused() async throws {
        try await withAPI { api, _ in
            for query in [
                "from=yesterday", "interval=week", "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z",
                "from=2020-01-01T00:00:00Z&interval=minute", "to=2026-03-02",
            ] {
                let answer = try await api.send(.get, "/company/metrics?\(query)")
                #expect(answer.status == 400, "\(query)")
            }
        }
    }

    @Test(
        "Percentiles lie inside their bucket",
        arguments: [(0.5, 30.0, 25.0...50.0), (0.99, 70.0, 50.0...100.0)])
    func percentiles(share: Double, _: Double, expected: ClosedRange<Double>) {
        var buckets = [Int](repeating: 0, count: 16)
        buckets[5] = 90
        buckets[6] = 10
        #expect(LatencyBuckets.percentile(share, of: buckets).map(expected.contains) == true)
    }

    @Test("Percentiles of nothing, and beyond the last bound")
    func edges() {
        #expect(LatencyBuckets.percentile(0.5, of: [Int](repeating: 0, count: 16)) == nil)
        var buckets = [Int](repeating: 0, count: 16)
        buckets[15] = 1
        #expect(LatencyBuckets.percentile(0.5, of: buckets) == 60_000)
    }
}
