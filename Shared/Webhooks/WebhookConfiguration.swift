/// The members of a webhook that its tenant writes, secrets apart: what `webhooks.configuration` holds as JSON.
///
/// Ranges and defaults are those of the API's webhook table. A nil member was not given: its default depends on the
/// tenant or the dialect.
public struct WebhookConfiguration: Hashable, Sendable, Codable {
    public enum Method: String, Hashable, Sendable, Codable, CaseIterable { case POST, PUT, PATCH, GET, DELETE }
    public enum WhenDisabled: String, Hashable, Sendable, Codable, CaseIterable { case queue, discard }
    public enum SignatureVersion: String, Hashable, Sendable, Codable, CaseIterable { case v1, v1a }
    public enum Format: String, Hashable, Sendable, Codable, CaseIterable { case envelope, cloudevents }
    public enum DataChoice: String, Hashable, Sendable, Codable, CaseIterable { case latest, snapshot }
    public enum Ordering: String, Hashable, Sendable, Codable, CaseIterable { case none, resource, webhook }

    /// Requests in a span of seconds.
    public struct RateLimit: Hashable, Sendable, Codable {
        public var requests: Int
        public var perSeconds: Int
        public init(requests: Int, perSeconds: Int) {
            self.requests = requests
            self.perSeconds = perSeconds
        }
    }

    /// 1–200 characters.
    public var name: String
    /// `http`.
    public var type: String
    /// As given, ≤ 2048 characters; an ASCII path and query are sent byte for byte.
    public var url: String
    /// Catalogue names, `*`, or prefixes such as `order-*`; 1–100, no duplicates.
    public var events: [String]
    public var isEnabled: Bool
    public var whenDisabled: WhenDisabled
    public var method: Method
    /// Lower-case names, values as given.
    public var headers: [String: String]
    public var signatures: [SignatureVersion]
    /// Nil: the tenant's default.
    public var dialect: Dialect?
    public var payloadQuery: String?
    public var preserveDefaultPayload: Bool
    public var fields: [String]?
    /// 0–86400 seconds; nil: 60 where `fields` is set, else 0.
    public var debounceSeconds: Int?
    /// An EventBridge event pattern as compact JSON text.
    public var filter: String?
    public var format: Format
    public var data: DataChoice
    /// Nil: the dialect's default.
    public var retry: RetryPolicy?
    /// 100–30000.
    public var timeoutMs: Int
    /// 50–10000.
    public var connectTimeoutMs: Int
    public var rateLimit: RateLimit?
    /// 1–1000.
    public var maxConcurrency: Int
    public var ordering: Ordering
    public var description: String?
    public var metadata: [String: String]

    public init(name: String, url: String, events: [String]) {
        self.name = name
        self.url = url
        self.events = events
        type = "http"
        isEnabled = true
        whenDisabled = .queue
        method = .POST
        headers = [:]
        signatures = [.v1]
        preserveDefaultPayload = false
        format = .envelope
        data = .latest
        timeoutMs = 5000
        connectTimeoutMs = 1000
        maxConcurrency = 32
        ordering = .none
        metadata = [:]
    }
}

/// The `retry` member as given; what is nil takes the dialect's default (``RetrySchedule``).
public struct RetryPolicy: Hashable, Sendable, Codable {
    /// 1–25.
    public var maxAttempts: Int?
    /// Seconds between attempts, each 1–86400; the last repeats.
    public var schedule: [Int]?
    public init(maxAttempts: Int? = nil, schedule: [Int]? = nil) {
        self.maxAttempts = maxAttempts
        self.schedule = schedule
    }
}
