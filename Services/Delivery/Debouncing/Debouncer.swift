import Webhooks

/// Which deliveries are dropped because the same data of the same resource was sent just before. A decision only.
///
/// What counts is what was sent last of a resource: after A and B, A is sent again. Only what succeeded was sent, so
/// while a request is under way, others with the same data wait for its end. What is known of a webhook is a cache of
/// the history: it may be forgotten, and is read again before the webhook's next delivery.
///
/// `Waiter` stands for a delivery: it is only kept and given back.
struct Debouncer<Waiter> {
    enum Verdict: Hashable {
        case send
        /// Until the request that is under way with the same data has ended.
        case wait
        case drop
    }

    private struct Sent {
        var content: Fingerprint
        var at: Instant
    }

    private struct Memory {
        let shard: Shard
        var sent: [Fingerprint: Sent] = [:]
        /// The longest that it was asked for.
        var window: Duration
        var lastUse: UInt64
    }

    /// Resources and webhooks that are remembered at most, all in all.
    let limit: Int
    private var memories: [Webhook.ID: Memory] = [:]
    private(set) var count = 0
    private var uses: UInt64 = 0
    private var underWay: [DebounceSubject: (shard: Shard, waiting: [Waiter])] = [:]

    init(limit: Int = 200_000) { self.limit = limit }

    // MARK: What was sent

    /// False: the history must be read before anything is decided.
    func knows(_ webhook: Webhook.ID) -> Bool { memories[webhook] != nil }

    /// What the history says of a webhook, the oldest first.
    mutating func learn(
        _ webhook: Webhook.ID, in shard: Shard, window: Duration, _ sent: [(subject: DebounceSubject, at: Instant)]
    ) {
        guard memories[webhook] == nil else { return }
        uses += 1
        memories[webhook] = Memory(shard: shard, window: window, lastUse: uses)
        count += 1
        for (subject, instant) in sent { remember(subject, at: instant) }
        if count > limit { shrink() }
    }

    private mutating func remember(_ subject: DebounceSubject, at now: Instant) {
        let sent = Sent(content: subject.content, at: now)
        guard let index = memories.index(forKey: subject.webhook) else { return }
        if memories.values[index].sent.updateValue(sent, forKey: subject.resource) == nil { count += 1 }
        if memories.values[index].sent.count > limit / 8 { halve(index) }
    }

    /// Its data reached the receiver, whoever asked for it.
    mutating func wasSent(_ subject: DebounceSubject, at now: Instant) {
        remember(subject, at: now)
        if count > limit { shrink() }
    }

    /// A webhook of very many resources forgets those that it was sent longest ago, and not the others' memories.
    private mutating func halve(_ index: Dictionary<Webhook.ID, Memory>.Index) {
        let sent = memories.values[index].sent
        let newest = sent.sorted { $0.value.at > $1.value.at }.prefix(sent.count / 2)
        memories.values[index].sent = Dictionary(newest.map { ($0.key, $0.value) }, uniquingKeysWith: { one, _ in one })
        count -= sent.count - newest.count
    }

    /// What was last used longest ago goes first; down to seven eighths, so that sorting is paid for by many additions.
    private mutating func shrink() {
        let busy = busyWebhooks
        for (webhook, memory) in memories.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
            guard count > limit / 8 * 7 else { return }
            if memory.lastUse != uses, !busy.contains(webhook) { forget(webhook) }
        }
    }

    /// What is under way is not in the history yet.
    private var busyWebhooks: Set<Webhook.ID> { Set(underWay.keys.map(\.webhook)) }

    private mutating func forget(_ webhook: Webhook.ID) {
        if let memory = memories.removeValue(forKey: webhook) { count -= 1 + memory.sent.count }
    }

    /// Forgets what is too old to matter.
    mutating func purge(at now: Instant) {
        let busy = busyWebhooks
        for (webhook, memory) in memories {
            let kept = memory.sent.filter { now - $0.value.at <= memory.window }
            count -= memory.sent.count - kept.count
            memories[webhook]?.sent = kept
            if kept.isEmpty, !busy.contains(webhook) { forget(webhook) }
        }
    }

    /// Another worker has the shard, and what it sends is not seen here.
    mutating func drop(_ shard: Shard) {
        for (webhook, memory) in memories where memory.shard == shard { forget(webhook) }
        underWay = underWay.filter { $0.value.shard != shard }
    }

    // MARK: What is to be sent

    /// Whether a delivery is sent. ``ended(_:hasSucceeded:at:)`` is owed for each that is.
    mutating func admit(
        _ subject: DebounceSubject, _ waiter: Waiter, in shard: Shard, window: Duration, at now: Instant
    ) -> Verdict {
        uses += 1
        if let index = memories.index(forKey: subject.webhook) {
            memories.values[index].lastUse = uses
            memories.values[index].window = max(memories.values[index].window, window)
            let sent = memories.values[index].sent[subject.resource]
            if let sent, sent.content == subject.content, now - sent.at <= window { return .drop }
        }
        if underWay[subject]?.waiting.append(waiter) != nil { return .wait }
        underWay[subject] = (shard, [])
        return .send
    }

    /// A request that was admitted is over. Returns the deliveries that waited for it: to be looked at anew.
    mutating func ended(_ subject: DebounceSubject, hasSucceeded: Bool, at now: Instant) -> [Waiter] {
        if hasSucceeded { wasSent(subject, at: now) }
        return underWay.removeValue(forKey: subject)?.waiting ?? []
    }
}
