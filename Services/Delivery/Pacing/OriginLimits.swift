import Webhooks

/// Scheme, host and port of a URL, in lower case: one receiver, whoever's webhooks call it.
struct Origin: Hashable, Sendable {
    private let text: String

    init(of url: String) {
        let scheme = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let end = url[scheme...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        text = url[..<end].lowercased()
    }
}

/// Requests at once to one origin, across webhooks and tenants. A lane that is turned away waits in line, in which
/// each tenant has its turn.
struct OriginLimits {
    let limit: Int
    private var inFlight: [Origin: Int] = [:]
    private var waiting: [Origin: RoundRobin<Tenant.ID, Webhook.ID>] = [:]

    init(limit: Int) { self.limit = limit }

    /// Whether a request may start now; else `webhook` waits in line.
    mutating func enter(_ origin: Origin, _ webhook: Webhook.ID, of tenant: Tenant.ID) -> Bool {
        guard inFlight[origin, default: 0] < limit else {
            waiting[origin, default: RoundRobin()].add(webhook, of: tenant)
            return false
        }
        inFlight[origin, default: 0] += 1
        return true
    }

    /// A request has ended.
    mutating func leave(_ origin: Origin) {
        let left = inFlight[origin, default: 1] - 1
        inFlight[origin] = left > 0 ? left : nil
    }

    /// Origins that have room and a line.
    func idle() -> [Origin] { waiting.keys.filter { inFlight[$0, default: 0] < limit } }

    /// The webhook whose turn it is, while there is room; it enters again, or is turned away again, by ``enter(_:_:)``.
    mutating func nextWaiting(for origin: Origin) -> Webhook.ID? {
        guard inFlight[origin, default: 0] < limit, let next = waiting[origin]?.next() else { return nil }
        if waiting[origin]?.isEmpty ?? true { waiting[origin] = nil }
        return next
    }
}
