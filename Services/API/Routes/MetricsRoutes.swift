import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Webhooks

/// What was delivered, in numbers: of a tenant, or of one webhook. From the minutes of `delivery_stats`.
struct MetricsRoutes: Sendable {
    /// Webhooks that one request may ask for.
    static let webhookLimit = 100

    let parts: APIParts

    /// `GET /company/metrics`.
    func all(_ request: Request, of tenant: Tenant) async throws -> Response {
        let span = try MetricsSpan(try QueryParameters(request.uri), now: .now)
        let (_, rows, depths, queue) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id),
            FindTenantStatsBuckets(
                shard: tenant.shard, tenant: tenant.id, since: span.firstMinute, until: span.to,
                interval: span.interval),
            FindQueueDepths(
                shard: tenant.shard, tenant: tenant.id, since: span.firstMinute, until: span.to,
                interval: span.interval),
            MeasureQueue(shard: tenant.shard, tenant: tenant.id))
        return answer(span, rows, depths, queue.first)
    }

    /// `GET /company/webhooks/{id}/metrics`.
    func one(_ request: Request, _ id: String?, of tenant: Tenant) async throws -> Response {
        let id = try WebhookRoutes.id(id)
        let span = try MetricsSpan(try QueryParameters(request.uri), now: .now)
        let (_, found, rows, depths, queue) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhook(id: id, tenant: tenant.id),
            FindStatsBuckets(
                shard: tenant.shard, tenant: tenant.id, webhooks: [id], since: span.firstMinute, until: span.to,
                interval: span.interval),
            FindQueueDepths(
                shard: tenant.shard, tenant: tenant.id, webhook: id, since: span.firstMinute, until: span.to,
                interval: span.interval),
            MeasureQueue(shard: tenant.shard, tenant: tenant.id, webhook: id))
        guard !found.isEmpty else { throw WebhookRoutes.notFound }
        return answer(span, rows, depths, queue.first)
    }

    private func answer(
        _ span: MetricsSpan, _ rows: [FindStatsBuckets.Row], _ depths: [FindQueueDepths.Row],
        _ queue: MeasureQueue.Row?
    ) -> Response {
        var writer = JSONWriter()
        MetricsRepresentation(span: span, rows: rows, depths: depths, queue: queue, now: .now).write(to: &writer)
        return .json(writer.bytes)
    }

    /// `GET /company/webhooks/metrics?ids=`: totals of several webhooks, in the order in which they are named. Those
    /// that are not there have none.
    func several(_ request: Request, of tenant: Tenant) async throws -> Response {
        let query = try QueryParameters(request.uri)
        let span = try MetricsSpan(query, now: .now)
        let ids = try Self.ids(query)
        let (_, found, sums, queues) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindWebhooks(ids: ids),
            SumStatsOfWebhooks(
                shard: tenant.shard, tenant: tenant.id, webhooks: ids, since: span.firstMinute, until: span.to),
            MeasureQueues(shard: tenant.shard, tenant: tenant.id, webhooks: ids))
        let known = Set(found.filter { $0.tenantID == tenant.id }.map(\.id))
        let totals = WebhookTotals(span: span, ids: ids.filter(known.contains), sums: sums, queues: queues, now: .now)
        var writer = JSONWriter()
        totals.write(to: &writer)
        return .json(writer.bytes)
    }

    private static func ids(_ query: QueryParameters) throws(Problem) -> [Webhook.ID] {
        var ids: [Webhook.ID] = []
        for text in (query.text("ids") ?? "").split(separator: ",", omittingEmptySubsequences: false) {
            guard let id = Webhook.ID(String(text)) else {
                throw QueryParameters.malformed("ids", "ids of webhooks, with commas between")
            }
            if !ids.contains(id) { ids.append(id) }
        }
        guard ids.count <= webhookLimit else {
            throw QueryParameters.malformed("ids", "at most \(webhookLimit) ids")
        }
        return ids
    }
}

/// Which time is asked for, and in which steps.
struct MetricsSpan {
    /// A week of minutes.
    static let bucketLimit = 10_080

    let from: Instant
    /// Not included.
    let to: Instant
    let interval: FindStatsBuckets.Interval

    /// - Throws: 400.
    init(_ query: QueryParameters, now: Instant) throws(Problem) {
        interval = try query.choice("interval", of: FindStatsBuckets.Interval.allCases) { $0.rawValue } ?? .hour
        to = try query.instant("to") ?? now
        from = try query.instant("from") ?? (to - .seconds(86400))
        guard from < to else { throw QueryParameters.malformed("from", "a time before `to`") }
        guard (to - from) / interval.duration <= Double(Self.bucketLimit) else {
            throw QueryParameters.malformed("interval", "so wide that there are at most \(Self.bucketLimit) of them")
        }
    }

    /// Counts are kept by the minute.
    var firstMinute: Instant { from.floor(to: .minute) }

    /// The beginnings of all steps, in order.
    var starts: [Instant] {
        var starts: [Instant] = []
        var start = from.floor(to: interval)
        while start < to {
            starts.append(start)
            start = start + interval.duration
        }
        return starts
    }
}

extension FindStatsBuckets.Interval {
    var duration: Duration {
        switch self {
        case .minute: .seconds(60)
        case .hour: .seconds(3600)
        case .day: .seconds(86400)
        }
    }
}

extension Instant {
    /// The beginning of the step in UTC that it lies in.
    fileprivate func floor(to interval: FindStatsBuckets.Interval) -> Instant {
        let width = Int64(interval.duration / .microseconds(1))
        let rest = microseconds % width
        return Instant(microseconds: microseconds - (rest < 0 ? rest + width : rest))
    }
}
