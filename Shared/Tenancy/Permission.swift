/// What a token may allow, by the names of the claim `permissions`.
public enum Permission: String, Sendable, Hashable, CaseIterable {
    case webhooksRead = "webhooks:read"
    case webhooksWrite = "webhooks:write"
    case eventsRead = "events:read"
    case eventsWrite = "events:write"
    case deliveriesRead = "deliveries:read"
    case deliveriesWrite = "deliveries:write"
    case metricsRead = "metrics:read"
    case tenantsAdmin = "tenants:admin"

    /// What an API key may allow: all but what reaches beyond its tenant.
    public static let ofKeys = Set(allCases).subtracting([.tenantsAdmin])
}

/// Which permission a route asks for, by the request's method.
public struct Requirement: Sendable, Hashable {
    /// For GET and HEAD.
    public let read: Permission
    /// For all else.
    public let write: Permission

    public init(read: Permission, write: Permission) {
        self.read = read
        self.write = write
    }

    /// One permission whatever the method.
    public static func always(_ permission: Permission) -> Requirement {
        Requirement(read: permission, write: permission)
    }

    /// Webhooks, test, changes, event types, inspectors, egress.
    public static let webhooks = Requirement(read: .webhooksRead, write: .webhooksWrite)
    /// Paths of secrets, and API keys: reading one is as good as writing.
    public static let secrets = always(.webhooksWrite)
    public static let events = Requirement(read: .eventsRead, write: .eventsWrite)
    /// Invocations, deliveries, retry, replay.
    public static let deliveries = Requirement(read: .deliveriesRead, write: .deliveriesWrite)
    public static let metrics = always(.metricsRead)
}
