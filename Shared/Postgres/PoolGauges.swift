import Metrics

/// What a pool shows of itself, by the application name of its sessions.
struct PoolGauges {
    private let open: Gauge
    private let leased: Gauge
    private let waiting: Gauge
    private var last = (open: -1, leased: -1, waiting: -1)

    init(name: String) {
        open = Gauge(label: "martlet_database_sessions", dimensions: [("pool", name), ("state", "open")])
        leased = Gauge(label: "martlet_database_sessions", dimensions: [("pool", name), ("state", "leased")])
        waiting = Gauge(label: "martlet_database_waiting", dimensions: [("pool", name)])
    }

    /// Cheap where nothing has changed.
    mutating func record(_ state: PoolState) {
        let now = (
            open: state.sessions.count(where: \.isOpen), leased: state.sessions.count(where: \.isLeased),
            waiting: state.waiting.count
        )
        if now.open != last.open { open.record(now.open) }
        if now.leased != last.leased { leased.record(now.leased) }
        if now.waiting != last.waiting { waiting.record(now.waiting) }
        last = now
    }
}
