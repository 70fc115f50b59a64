import Curl
import Dressing
import Epoll
import Logging
import Postgres
import Sending
import ServiceLifecycle
import Store
import Synchronization
import Webhooks

/// One worker after another: when a peer declares one dead, it begins again as a new one.
final class DeliveryWorker: Service {
    private let configuration: DeliveryConfiguration
    private let meters: DeliveryMeters
    private let logger: Logger
    private let life = Mutex<WorkerLife?>(nil)

    init(configuration: DeliveryConfiguration, meters: DeliveryMeters, logger: Logger) {
        self.configuration = configuration
        self.meters = meters
        self.logger = logger
    }

    /// Whether the last beat reached the database, so that requests may be sent.
    var isBeating: Bool { life.withLock { $0?.permit.isValid ?? false } }

    /// Whether there are sessions with the database now; the beat allows sending for some seconds without.
    var isReachable: Bool { life.withLock { $0?.isReachable ?? false } }

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            let worker = Worker.ID()
            let life = try WorkerLife(worker: worker, configuration: configuration, meters: meters, logger: logger)
            self.life.withLock { $0 = life }
            do {
                try await life.run()
            } catch is ShardLeases.Fenced {
                logger.warning("Worker declared dead by a peer", metadata: ["worker.id": "\(worker)"])
            }
        }
    }
}

/// The parts of one worker, wired: leases on one reactor, everything else on another.
struct WorkerLife {
    let permit: SendPermit
    private let leaseReactor = Reactor()
    private let reactor = Reactor()
    private let leases: ShardLeases
    private let pools: [PostgresPool]
    private let engine: HTTPEngine
    let dispatcher: Dispatcher
    private let logger: Logger

    init(worker: Worker.ID, configuration: DeliveryConfiguration, meters: DeliveryMeters, logger: Logger) throws {
        self.logger = logger
        permit = SendPermit(machineTime: configuration.machineTime)
        leases = ShardLeases.make(
            worker: worker, name: configuration.workerName, patience: configuration.patience,
            configuration: try configuration.sessions(of: worker, atMost: 1), permit: permit, reactor: leaseReactor,
            logger: logger)
        engine = try HTTPEngine(on: reactor, configuration: configuration.egress)
        let readers = PostgresPool(try configuration.sessions(of: worker, atMost: 4), on: reactor, logger: logger)
        let writer = PostgresPool(try configuration.sessions(of: worker, atMost: 1), on: reactor, logger: logger)
        let bystander = PostgresPool(try configuration.sessions(of: worker, atMost: 1), on: reactor, logger: logger)
        pools = [readers, writer, bystander]
        dispatcher = Dispatcher.make(
            reactor: reactor, pool: readers,
            recorder: Recorder(
                worker: worker, pool: writer, bystander: bystander, permit: permit, reactor: reactor, meters: meters,
                logger: logger),
            sender: .make(engine: engine), dresser: Dresser(signatureLifetime: configuration.signatureLifetime),
            keys: configuration.keys,
            permit: permit, meters: meters, slots: configuration.slots, originLimit: configuration.originLimit,
            retention: configuration.retention, logger: logger)
    }

    var isReachable: Bool { pools.allSatisfy(\.isReachable) }

    /// Until SIGTERM, or until a peer fences this worker.
    func run() async throws {
        let result: Result<Void, any Error>
        do { result = .success(try await live()) } catch { result = .failure(error) }
        await engine.close()  // what is under way ends as cancelled, while there is a reactor to end it
        for pool in pools { await pool.close() }
        await leases.closeSession()
        leaseReactor.stop()
        reactor.stop()
        try result.get()
    }

    private func live() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await leases.run() }
            group.addTask { await dispatcher.run() }
            group.addTask { await follow() }
            group.addTask {
                do { try await gracefulShutdown() } catch { return }  // cancelled: ends without a word
                await leave()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func follow() async {
        await withDiscardingTaskGroup { group in
            for await change in leases.changes {
                switch change {
                case .took(let shards): await dispatcher.took(shards)
                case .lost(let shards): await dispatcher.lost(shards)
                case .release(let shards):
                    group.addTask { await dispatcher.release(shards, within: .seconds(5)) }
                }
            }
        }
    }

    /// SIGTERM: what is under way may end in its own time, then every shard goes back.
    private func leave() async {
        await leases.takeNoMore()
        await dispatcher.release(Shard.all, within: nil)
        await dispatcher.awaitRelease()
        do {
            try await leases.leave()
        } catch {
            logger.warning("Worker not signed off", metadata: ["error": "\(error)"])
        }
    }
}
