/// A customer of the platform.
public struct Tenant: Identified, Hashable, Sendable {
    public static let identifierPrefix = "tnt"
    public typealias ID = Identifier<Tenant>

    public let id: ID
    /// What stands in `X-tenant-ID`: `^[a-z0-9][a-z0-9-]{0,62}$`, never given twice.
    public let identifier: String
    public var name: String
    /// The slice of tenants that it belongs to: 0–63, drawn when it was made.
    public let shard: Shard
    public var settings: TenantSettings
    public let createdAt: Instant
    public var updatedAt: Instant

    public init(
        id: ID, identifier: String, name: String, shard: Shard, settings: TenantSettings = TenantSettings(),
        createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.identifier = identifier
        self.name = name
        self.shard = shard
        self.settings = settings
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Whether `text` may be a tenant's identifier.
    public static func isValidIdentifier(_ text: String) -> Bool {
        let letters = text.utf8
        return (1...63).contains(letters.count) && letters.first != UInt8(ascii: "-")
            && letters.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || $0 == UInt8(ascii: "-")
            }
    }
}

/// One of 64 slices of tenants, owned by one delivery worker at a time.
public struct Shard: Hashable, Comparable, Sendable {
    public static let count = 64
    /// 0–63.
    public let number: Int16

    public init?(_ number: Int16) {
        guard (0..<Int16(Self.count)).contains(number) else { return nil }
        self.number = number
    }

    public static let all: [Shard] = (0..<Int16(count)).map { Shard($0)! }

    /// Drawn at random, once, for a new tenant.
    public static func draw() -> Shard { all.randomElement()! }

    public static func < (one: Shard, other: Shard) -> Bool { one.number < other.number }
}

/// A tenant's settings; a nil one was never set and its default counts. Kept as JSON in `tenants.settings`.
public struct TenantSettings: Hashable, Sendable, Codable {
    public enum Catalogue: String, Hashable, Sendable, Codable, CaseIterable { case closed, open }

    public struct RateLimits: Hashable, Sendable, Codable {
        public var apiPerSecond: Int?
        public var eventsPerSecond: Int?
        public init(apiPerSecond: Int? = nil, eventsPerSecond: Int? = nil) {
            self.apiPerSecond = apiPerSecond
            self.eventsPerSecond = eventsPerSecond
        }
    }

    /// Dialect of webhooks that name none; `standard`.
    public var defaultDialect: Dialect?
    /// Whether `http` URLs are accepted; true, but false for `shopery` webhooks unless set.
    public var allowHTTP: Bool?
    /// Whether event types outside the catalogue are accepted (`open`); `closed`.
    public var eventCatalogue: Catalogue?
    public var rateLimits: RateLimits?
    /// Webhooks at most; no limit.
    public var maxWebhooks: Int?
    /// Days of nothing but failures after which a webhook is disabled; 5, 0 = never.
    public var autoDisableAfterDays: Int?

    /// Of a tenant that never set ``autoDisableAfterDays``.
    public static let defaultAutoDisableAfterDays = 5

    /// ``defaultDialect``, or what counts where it was never set.
    public var dialect: Dialect { defaultDialect ?? .standard }

    public init() {}
}
