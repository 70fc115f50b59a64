import CEpoll
import Glibc
import Synchronization

/// A thread that waits for sockets and alarms and, between waits, runs the jobs of the actors pinned to it.
///
/// An actor that returns a reactor as its executor may call a C library without a lock: every one of its methods, and
/// every readiness handler, runs on the one thread. It lives until ``stop()``; work that reaches it afterwards never
/// runs, so stop it when its actors are gone. It is no `TaskExecutor` on purpose: tried, and of 20 000 tasks on it some
/// never ended (Swift 6.3.1).
public final class Reactor: Sendable {
    public typealias Handler = (Readiness) -> Void
    public typealias AlarmID = UInt64

    enum Work {
        case job(UnownedJob)
        case call(@Sendable () -> Void)
    }

    private struct Watch {
        let generation: UInt32
        let handler: Handler
    }

    private let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    private let wakeup = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    private let inbox = Mutex<[Work]>([])
    private let threadID = Atomic<UInt>(0)
    private let isStopping = Atomic<Bool>(false)
    // Touched on the reactor's thread alone; `preconditionOnThread` guards each entry point.
    private nonisolated(unsafe) var watches: [CInt: Watch] = [:]
    private nonisolated(unsafe) var generation: UInt32 = 0
    private nonisolated(unsafe) var alarms = AlarmQueue()
    private nonisolated(unsafe) var batch: [Work] = []

    /// Starts the thread. Traps when the process is out of file descriptors or threads: nothing can run without it.
    public init() {
        precondition(epoll >= 0 && wakeup >= 0, "out of file descriptors")
        precondition(control(EPOLL_CTL_ADD, wakeup, UInt32(EPOLLIN.rawValue), 0) == 0)
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                Unmanaged<Reactor>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, context)
        precondition(code == 0, "out of threads")
        pthread_detach(thread)
    }

    deinit {
        close(epoll)
        close(wakeup)
    }

    /// Ends the thread after the work that is already queued.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
    }

    func enqueue(_ work: Work) {
        let wasEmpty = inbox.withLock { inbox in
            inbox.append(work)
            return inbox.count == 1
        }
        if wasEmpty && !isCurrent { wake() }  // on the thread itself, the loop looks again before it waits
    }

    var isCurrent: Bool { threadID.load(ordering: .relaxed) == UInt(pthread_self()) }

    func preconditionOnThread() { precondition(isCurrent, "called off the reactor's thread") }

    // MARK: Sockets and alarms

    /// Calls `handler` whenever `descriptor` is ready (level-triggered). On the reactor's thread only.
    ///
    /// Unwatch it before it is closed: its number may be reused at once.
    public func watch(_ descriptor: CInt, for interest: Readiness, _ handler: @escaping Handler) {
        preconditionOnThread()
        let known = watches[descriptor]?.generation
        if known == nil { generation &+= 1 }
        watches[descriptor] = Watch(generation: known ?? generation, handler: handler)
        var code = control(known == nil ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, interest.mask, known ?? generation)
        if code != 0, errno == ENOENT {  // a library closed it and got the number again without telling us
            code = control(EPOLL_CTL_ADD, descriptor, interest.mask, known ?? generation)
        }
        precondition(code == 0, "epoll_ctl on \(descriptor): \(errno)")
    }

    /// Forgets `descriptor`; harmless when it is not watched. On the reactor's thread only.
    public func unwatch(_ descriptor: CInt) {
        preconditionOnThread()
        guard watches.removeValue(forKey: descriptor) != nil else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)  // fails harmlessly when it is closed already
    }

    /// Calls `action` once, on the reactor's thread, `delay` from now or up to a millisecond later; never before this
    /// call returns. On the reactor's thread only.
    @discardableResult
    public func alarm(after delay: Duration, _ action: @escaping () -> Void) -> AlarmID {
        preconditionOnThread()
        return alarms.set(at: .now + delay, action)
    }

    /// Forgets an alarm; harmless when it has fired. On the reactor's thread only.
    public func cancel(_ alarm: AlarmID) {
        preconditionOnThread()
        alarms.cancel(alarm)
    }

    // MARK: Loop

    private func run() {
        threadID.store(UInt(pthread_self()), ordering: .relaxed)
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while !isStopping.load(ordering: .acquiring) {
            let mayWait = runBatch()
            let count = epoll_wait(epoll, &events, CInt(events.count), mayWait ? millisecondsUntilNextAlarm : 0)
            for event in events.prefix(Int(max(0, count))) { dispatch(event) }
            fireAlarms()
        }
        while !runBatch() {}
        threadID.store(0, ordering: .relaxed)
    }

    /// Runs what had arrived when it began, and no more, so that jobs that beget jobs cannot keep sockets and alarms
    /// waiting. True when nothing is left.
    private func runBatch() -> Bool {
        inbox.withLock { swap(&$0, &batch) }  // two arrays in turn: neither gives its memory back
        for work in batch {
            switch work {
            case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
            case .call(let body): body()
            }
        }
        batch.removeAll(keepingCapacity: true)
        return inbox.withLock(\.isEmpty)
    }

    private func dispatch(_ event: epoll_event) {
        let descriptor = CInt(truncatingIfNeeded: event.data.u64)
        let generation = UInt32(event.data.u64 >> 32)
        if descriptor == wakeup {
            var count: UInt64 = 0
            _ = read(wakeup, &count, MemoryLayout<UInt64>.size)
        } else if let watch = watches[descriptor], watch.generation == generation {  // else closed earlier in this pass
            watch.handler(Readiness(mask: event.events))
        }
    }

    private var millisecondsUntilNextAlarm: CInt {
        guard let next = alarms.next() else { return -1 }
        let left = ContinuousClock.now.duration(to: next) / .milliseconds(1)
        return CInt(min(max(0, left), 3_600_000).rounded(.up))  // an hour at most: a far alarm must not overflow
    }

    private func fireAlarms() {
        let now = ContinuousClock.now
        while let action = alarms.popDue(by: now) { action() }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
    }

    private func control(_ operation: CInt, _ descriptor: CInt, _ mask: UInt32, _ generation: UInt32) -> CInt {
        let data = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        var event = epoll_event(events: mask, data: epoll_data(u64: data))
        return epoll_ctl(epoll, operation, descriptor, &event)
    }
}
