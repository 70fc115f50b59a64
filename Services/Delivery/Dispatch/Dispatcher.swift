import DequeModule
import Dressing
import Epoll
import Logging
import Postgres
import Sending
import Webhooks

/// Sends due deliveries of the shards this worker owns and records what became of each.
///
/// Everything runs on one reactor: the sessions with the database, the HTTP engine and this actor, so no decision needs
/// a lock and a finished request costs no task. What to do is decided by values (``Lane``, ``Scheduler``,
/// ``FlushQueue``,
/// ``WakeCursor``); this actor reads, sends and records as they say. Its parts:
/// `+Waking` finds which lanes have something new, `+Reading` reads their rows, `+Subscribers` knows the webhooks,
/// `+Queries` runs payload queries, `+Sending` dresses and sends, `+Recording` flushes, `+Ownership` takes and gives
/// shards.
actor Dispatcher {
    nonisolated let reactor: Reactor
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    let pool: PostgresPool
    let recorder: Recorder
    let sender: RequestSender
    let dresser: Dresser
    let keys: EncryptionKeys
    let permit: SendPermit
    let meters: DeliveryMeters
    /// How long events stay.
    let retention: Duration
    let logger: Logger

    // Ownership
    var owned: Set<Shard> = []
    /// Since when, by the database's clock.
    var ownedSince: [Shard: Instant] = [:]
    /// Owned, but nothing new is sent for them: they go to another worker.
    var leaving: Set<Shard> = []
    /// Owned, but what their lanes must remember is not read yet: nothing is sent for them.
    var unread: Set<Shard> = []

    // Lanes
    var lanes = LaneTable()
    var wakeCursor: WakeCursor?
    var shardsToScan: Deque<Shard> = []
    var patrol = 0
    var nextPatrol = ContinuousClock.now
    var isTickDue = false
    let wakeSignal = Signal()
    let scanSignal = Signal()
    /// By shard, and so by tenant or nearly so: the many lanes of one keep nobody else's waiting.
    var lanesToRead = RoundRobin<Shard, Webhook.ID>()
    /// Lanes that want rows while all windows together are full.
    var starved: [Webhook.ID] = []
    let readSignal = Signal()
    var laneAlarms: [Webhook.ID: (alarm: Reactor.AlarmID, at: Instant)] = [:]

    // Webhooks
    var subscribers = SubscriberDirectory()
    let subscriberSignal = Signal()
    var lanesToEmpty: Deque<Webhook.ID> = []
    var webhooksToDisable: Deque<Disabling> = []
    let disableSignal = Signal()
    /// Lanes whose first delivery has been due for long, as the last scan found them.
    var overdueLanes: [Shard: [Webhook.ID]] = [:]

    // Sending
    var scheduler: Scheduler
    var origins: OriginLimits
    var isPumpPlanned = false
    var toLoad: [Flight] = []
    let loadSignal = Signal()
    /// Deliveries whose body is yet to be made by a query: tenants in turn, for some queries are much work.
    var toQuery = RoundRobin<Tenant.ID, Sent>()
    let querySignal = Signal()
    var flights: [Delivery.ID: Flight] = [:]
    var flightsOfShard: [Shard: Int] = [:]
    /// The requests of the flights that have one by now.
    var transfers: [Delivery.ID: RequestSender.SendID] = [:]
    var debouncer = Debouncer<Flight>()

    // Recording
    var flushQueue = FlushQueue()
    /// Lanes of which something is to be discarded when there is room for the outcomes.
    var discardingLanes: Set<Webhook.ID> = []
    /// Lanes with something new to remember.
    var lanesToSave: Set<Webhook.ID> = []
    var stats = StatsAccumulator()
    let flushSignal = Signal()

    private init(
        reactor: Reactor, pool: PostgresPool, recorder: Recorder, sender: RequestSender, dresser: Dresser,
        keys: EncryptionKeys, permit: SendPermit, meters: DeliveryMeters, slots: Int, originLimit: Int,
        retention: Duration, logger: Logger
    ) {
        self.reactor = reactor
        self.pool = pool
        self.recorder = recorder
        self.sender = sender
        self.dresser = dresser
        self.keys = keys
        self.permit = permit
        self.meters = meters
        scheduler = Scheduler(slots: slots)
        origins = OriginLimits(limit: originLimit)
        self.retention = retention
        self.logger = logger
    }

    static func make(
        reactor: Reactor, pool: PostgresPool, recorder: Recorder, sender: RequestSender, dresser: Dresser,
        keys: EncryptionKeys, permit: SendPermit, meters: DeliveryMeters, slots: Int, originLimit: Int,
        retention: Duration, logger: Logger
    ) -> Dispatcher {
        Dispatcher(
            reactor: reactor, pool: pool, recorder: recorder, sender: sender, dresser: dresser, keys: keys,
            permit: permit, meters: meters, slots: slots, originLimit: originLimit, retention: retention,
            logger: logger)
    }

    /// Works until it is cancelled; ``Dispatcher/release(_:within:)`` what it owns before.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            group.addTask { await self.tick() }
            group.addTask { await self.readWakes() }
            group.addTask { await self.scanShards() }
            group.addTask { await self.readLanes() }
            group.addTask { await self.loadSubscribers() }
            group.addTask { await self.loadEvents() }
            group.addTask { await self.runQueries() }
            group.addTask { await self.disableWebhooks() }
            group.addTask { await self.recordOutcomes() }
            group.addTask { await self.runReplays() }
            group.addTask { await self.keepHouse() }
        }
    }

    // MARK: Lanes

    /// A new lane would do as well, and nobody waits for it.
    func forgetLane(_ webhook: Webhook.ID) {
        lanes.remove(webhook)
        subscribers.forget(webhook)
    }

    /// Whether new requests may start in this shard.
    func mayWork(in shard: Shard) -> Bool {
        owned.contains(shard) && !leaving.contains(shard) && !unread.contains(shard)
    }

    /// Something about a lane has changed: queue it where it belongs now. True when it is in line to send.
    @discardableResult
    func reconsider(_ webhook: Webhook.ID) -> Bool {
        guard let lane = lanes[webhook], mayWork(in: lane.shard) else { return false }
        switch subscribers.state(of: webhook) {
        case .unknown:
            subscribers.want(webhook)
            subscriberSignal.raise()
        case .held: break
        case .gone: cancel(webhook)
        case .discarding:
            discardWindow(of: webhook)
            if lane.wantsRows || lane.wantsPeek { wantRead(lane) }
            setAlarm(for: webhook, at: lane.nextDue, now: permit.databaseNow)
        case .active(let subscriber):
            let now = permit.databaseNow
            let isReady = lane.isReady(at: now, limits: subscriber.limits)
            if isReady {
                scheduler.add(webhook, of: subscriber.webhook.tenantID, isSlow: lane.pace.isSlow)
                planPump()
            }
            if lane.isAsleep(at: now, limits: subscriber.limits) {
                lanes.with(webhook, in: lane.shard) { $0.shrink(to: 1) }
            } else if lane.wantsRows ? lane.isShort : lane.wantsPeek {
                wantRead(lane)
            }
            setAlarm(for: webhook, at: lane.nextChance(after: now, limits: subscriber.limits), now: now)
            return isReady
        }
        return false
    }

    /// One alarm a lane: the next moment at which it has something to do of its own accord.
    private func setAlarm(for webhook: Webhook.ID, at chance: Instant?, now: Instant) {
        if let set = laneAlarms[webhook] {
            if set.at == chance { return }
            reactor.cancel(set.alarm)
            laneAlarms[webhook] = nil
        }
        guard let chance else { return }
        let alarm = reactor.alarm(after: max(.milliseconds(1), chance - now)) { [weak self] in
            self?.assumeIsolated { $0.alarmRang(for: webhook) }
        }
        laneAlarms[webhook] = (alarm, chance)
    }

    private func alarmRang(for webhook: Webhook.ID) {
        laneAlarms[webhook] = nil
        guard let shard = lanes[webhook]?.shard else { return }
        let now = permit.databaseNow
        _ = lanes.with(webhook, in: shard) { $0.becomeDue(at: now) }
        reconsider(webhook)
    }
}
