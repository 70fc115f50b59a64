/// One HTTP request made for a delivery, with its outcome; or a settling without a request. Append-only history.
public struct Invocation: Identified, Hashable, Sendable {
    public static let identifierPrefix = "inv"
    public typealias ID = Identifier<Invocation>

    /// Where the time went, in microseconds; nil where the phase did not happen (a connection was reused).
    public struct Timings: Hashable, Sendable {
        public var dns: Int32?
        public var connect: Int32?
        public var tls: Int32?
        public var firstByte: Int32?
        public init(dns: Int32? = nil, connect: Int32? = nil, tls: Int32? = nil, firstByte: Int32? = nil) {
            self.dns = dns
            self.connect = connect
            self.tls = tls
            self.firstByte = firstByte
        }
    }

    public let id: ID
    public let shard: Shard
    public let tenantID: Tenant.ID
    public let webhookID: Webhook.ID
    /// Nil for a test send.
    public let eventID: Event.ID?
    /// Nil for a test send.
    public let deliveryID: Delivery.ID?
    /// The event type's name.
    public let eventType: String
    /// Counts from 1.
    public let attempt: Int16
    public let trigger: Delivery.Trigger
    public let startedAt: Instant
    public let duration: Duration
    public let outcome: Outcome
    public let errorClass: ErrorClass?
    /// What happened, for a person; text of ours, no bytes of a stranger.
    public let errorDetail: String?
    /// No automatic attempt follows.
    public let isFinal: Bool
    public let nextAttemptAt: Instant?
    /// The status of the answer, where there was one.
    public let status: Int16?
    public let request: RecordedRequest?
    public let response: RecordedResponse?
    public let timings: Timings?
    /// Text form of the address that was dialled.
    public let remoteAddress: String?

    public init(
        id: ID, shard: Shard, tenantID: Tenant.ID, webhookID: Webhook.ID, eventID: Event.ID?, deliveryID: Delivery.ID?,
        eventType: String, attempt: Int16, trigger: Delivery.Trigger, startedAt: Instant, duration: Duration,
        outcome: Outcome, errorClass: ErrorClass? = nil, errorDetail: String? = nil, isFinal: Bool,
        nextAttemptAt: Instant? = nil, status: Int16? = nil, request: RecordedRequest? = nil,
        response: RecordedResponse? = nil, timings: Timings? = nil, remoteAddress: String? = nil
    ) {
        self.id = id
        self.shard = shard
        self.tenantID = tenantID
        self.webhookID = webhookID
        self.eventID = eventID
        self.deliveryID = deliveryID
        self.eventType = eventType
        self.attempt = attempt
        self.trigger = trigger
        self.startedAt = startedAt
        self.duration = duration
        self.outcome = outcome
        self.errorClass = errorClass
        self.errorDetail = errorDetail
        self.isFinal = isFinal
        self.nextAttemptAt = nextAttemptAt
        self.status = status
        self.request = request
        self.response = response
        self.timings = timings
        self.remoteAddress = remoteAddress
    }
}
