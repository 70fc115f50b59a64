/// Events of a span of time that are sent to one webhook again: a job of the worker that owns the tenant's shard.
public struct Replay: Identified, Hashable, Sendable {
    public static let identifierPrefix = "rpl"
    public typealias ID = Identifier<Replay>

    /// Raw values are those of `replays.state`.
    public enum State: Int16, Hashable, Sendable, CaseIterable {
        case running = 0
        /// Everything that matched is queued, or gone.
        case finished
        /// The webhook was deleted before that.
        case failed

        public var name: String { ["running", "finished", "failed"][Int(rawValue)] }
    }

    /// Which events.
    public enum Choice: String, Hashable, Sendable, CaseIterable {
        /// Those whose last invocation for the webhook is final and failed.
        case failed
        /// Those that the webhook subscribes to now.
        case all
    }

    public let id: ID
    public let shard: Shard
    public let tenantID: Tenant.ID
    public let webhookID: Webhook.ID
    /// The events that were accepted from here …
    public let since: Instant
    /// … up to here.
    public let until: Instant
    public let only: Choice
    public let state: State
    /// Events found so far.
    public let matched: Int64
    /// Deliveries made so far; less than ``matched`` where events are no longer stored.
    public let queued: Int64
    public let createdAt: Instant
    /// Nil while it is running.
    public let finishedAt: Instant?

    public init(
        id: ID, shard: Shard, tenantID: Tenant.ID, webhookID: Webhook.ID, since: Instant, until: Instant, only: Choice,
        state: State = .running, matched: Int64 = 0, queued: Int64 = 0, createdAt: Instant, finishedAt: Instant? = nil
    ) {
        self.id = id
        self.shard = shard
        self.tenantID = tenantID
        self.webhookID = webhookID
        self.since = since
        self.until = until
        self.only = only
        self.state = state
        self.matched = matched
        self.queued = queued
        self.createdAt = createdAt
        self.finishedAt = finishedAt
    }
}
