import JSON
import Store
import Webhooks

/// What several webhooks sent in a span of time, and what waits for them now.
struct WebhookTotals {
    let span: MetricsSpan
    let ids: [Webhook.ID]
    let sums: [SumStatsOfWebhooks.Row]
    let queues: [MeasureQueues.Row]
    let now: Instant

    func write(to writer: inout JSONWriter) {
        let counts = Dictionary(uniqueKeysWithValues: sums.map { ($0.webhook, $0.counts) })
        let queues = Dictionary(uniqueKeysWithValues: queues.map { ($0.webhook, $0.queue) })
        writer.object { writer in
            writer.member("from", span.from)
            writer.member("to", span.to)
            writer.name("data")
            writer.array { writer in
                for id in ids {
                    writer.object { writer in
                        writer.member("webhookId", id.description)
                        MetricsRepresentation.write(
                            counts[id] ?? DeliveryCounts(), queue: queues[id], now: now, to: &writer)
                    }
                }
            }
        }
    }
}
