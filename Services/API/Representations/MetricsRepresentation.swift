import JSON
import Store
import Webhooks

/// Counters of a span of time, whole and in steps; a step with nothing is there too.
struct MetricsRepresentation {
    let span: MetricsSpan
    let rows: [FindStatsBuckets.Row]
    let depths: [FindQueueDepths.Row]
    let queue: MeasureQueue.Row?
    let now: Instant

    func write(to writer: inout JSONWriter) {
        let byStart = Dictionary(rows.map { ($0.start, $0.counts) }, uniquingKeysWith: { one, _ in one })
        let depthByStart = Dictionary(depths.map { ($0.start, $0.depth) }, uniquingKeysWith: max)
        var total = DeliveryCounts()
        for row in rows { total += row.counts }
        writer.object { writer in
            writer.member("from", span.from)
            writer.member("to", span.to)
            writer.member("interval", span.interval.rawValue)
            writer.name("total")
            writer.object { writer in
                Self.write(total, queue: queue, now: now, to: &writer)
            }
            writer.name("buckets")
            writer.array { writer in
                for start in span.starts {
                    writer.object { writer in
                        writer.member("start", start)
                        Self.write(byStart[start] ?? DeliveryCounts(), to: &writer)
                        writer.member("queueDepth", depthByStart[start] ?? 0)
                    }
                }
            }
        }
    }

    /// The members of a total: with what waits now.
    static func write(
        _ total: DeliveryCounts, queue: MeasureQueue.Row?, now: Instant, to writer: inout JSONWriter
    ) {
        write(total, to: &writer)
        writer.member("queueDepth", queue?.depth ?? 0)
        writer.optional("oldestPendingSeconds", queue?.oldest) { writer, id in
            let age = now - Instant(milliseconds: id.ulid.milliseconds)
            writer.double(max(0, (age / .milliseconds(1)).rounded() / 1000))
        }
    }

    private static func write(_ counts: DeliveryCounts, to writer: inout JSONWriter) {
        let sent = counts.succeeded + counts.failed
        writer.member("succeeded", counts.succeeded)
        writer.member("failed", counts.failed)
        writer.optional("successRate", sent > 0 ? Double(counts.succeeded) / Double(sent) : nil) { $0.double($1) }
        writer.name("responseTimeMs")
        writer.object { writer in
            for (name, share) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
                writer.optional(name, LatencyBuckets.percentile(share, of: counts.durations)) { $0.double($1) }
            }
        }
        writer.name("errors")
        writer.object { writer in
            for errorClass in ErrorClass.allCases where counts.errors[Int(errorClass.rawValue)] > 0 {
                writer.member(errorClass.name, counts.errors[Int(errorClass.rawValue)])
            }
        }
    }
}
