import CCurl
import Epoll

/// One `curl_multi`, its transfers and its sockets.
///
/// libcurl must not be called from inside its callbacks: those only set watches and alarms or leave notes, `drive` runs
/// from the reactor's loop. libcurl holds a pointer to this object, which `close` outlives: whoever owns it calls that.
///
/// `@unchecked Sendable`: `init` runs where the engine is made, all else on the reactor's thread.
final class MultiHandle: @unchecked Sendable {
    let reactor: Reactor
    private let multi: UnsafeMutableRawPointer
    private let options: TransferOptions
    private var lastNumber: UInt64 = 0
    private var transfers: [TransferID: Transfer] = [:]
    /// Handles without a transfer, the last one used first.
    private var idle: [Transfer] = []
    private var finished: [(completion: (TransferOutcome) -> Void, outcome: TransferOutcome)] = []
    private var isKickPlanned = false
    private var isClosed = false
    var sockets: [curl_socket_t: WatchedSocket] = [:]
    /// Sockets that libcurl let go of since the last look.
    var turnedIdle: [curl_socket_t] = []
    /// The socket that libcurl works on now; not a socket when it looks at the clock.
    private(set) var driven = CURL_SOCKET_BAD
    private(set) lazy var timer = LazyTimer(on: reactor) { [weak self] in self?.drive(CURL_SOCKET_TIMEOUT, []) }

    /// Idle handles that are kept: some 20 kB each.
    private static let idleLimit = 512

    init(on reactor: Reactor, options: TransferOptions) {
        guard let multi = curl_multi_init() else { preconditionFailure("out of memory") }
        self.reactor = reactor
        self.multi = multi
        self.options = options
        multi_set_long(multi, CURLMOPT_MAXCONNECTS, options.idleConnections)
        let me = Unmanaged.passUnretained(self).toOpaque()
        multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me)
        multi_set_socket(multi) { _, socket, what, context, _ in
            context.map { Unmanaged<MultiHandle>.fromOpaque($0).takeUnretainedValue() }?.wants(what, of: socket)
            return 0
        }
        multi_set_pointer(multi, CURLMOPT_TIMERDATA, me)
        multi_set_timer(multi) { _, milliseconds, context in
            context.map { Unmanaged<MultiHandle>.fromOpaque($0).takeUnretainedValue() }?.wantsAlarm(in: milliseconds)
            return 0
        }
    }

    // MARK: Transfers

    var inFlight: Int { transfers.count }

    func nextID() -> TransferID {
        lastNumber += 1
        return TransferID(number: lastNumber)
    }

    func start(_ request: OutboundRequest, _ completion: @escaping (TransferOutcome) -> Void) -> TransferID {
        let id = nextID()
        start(request, as: id, completion)
        return id
    }

    func start(_ request: OutboundRequest, as id: TransferID, _ completion: @escaping (TransferOutcome) -> Void) {
        let refusal = request.fault.map(TransferFailure.invalid) ?? options.refusal(of: request.url)
        if let failure = isClosed ? .cancelled : refusal {
            return finishLater(completion, TransferOutcome(result: .failure(failure)))
        }
        let transfer = idle.popLast() ?? Transfer(of: self, options: options)
        transfer.begin(request, as: id, completion)
        let code = curl_multi_add_handle(multi, transfer.easy)
        guard code == CURLM_OK else {
            retire(transfer)
            let failure = TransferFailure.other(code: Int(code.rawValue), text: "libcurl takes no transfer")
            return finishLater(completion, TransferOutcome(result: .failure(failure)))
        }
        transfers[id] = transfer
    }

    func cancel(_ id: TransferID) {
        guard let transfer = transfers[id] else { return }
        let outcome = transfer.outcome(CURLE_ABORTED_BY_CALLBACK, failure: .cancelled)
        if let completion = end(transfer) { finishLater(completion, outcome) }
    }

    /// Takes the transfer off its handle, which is free for another then.
    private func end(_ transfer: Transfer) -> ((TransferOutcome) -> Void)? {
        curl_multi_remove_handle(multi, transfer.easy)
        if let id = transfer.id { transfers[id] = nil }
        defer { retire(transfer) }
        return transfer.completion
    }

    private func retire(_ transfer: Transfer) {
        guard idle.count < Self.idleLimit, !isClosed else { return }
        transfer.reset()
        idle.append(transfer)
    }

    /// Calls a completion when the caller of now is done: it need not expect to be called back meanwhile.
    private func finishLater(_ completion: @escaping (TransferOutcome) -> Void, _ outcome: TransferOutcome) {
        finished.append((completion, outcome))
        guard finished.count == 1 else { return }
        reactor.perform { [self] in
            let batch = finished
            finished = []
            for (completion, outcome) in batch { completion(outcome) }
        }
    }

    /// Ends all transfers as `cancelled` and frees what belongs to libcurl. Harmless the second time.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for id in transfers.keys { cancel(id) }
        idle = []
        for socket in sockets.keys { reactor.unwatch(socket) }
        sockets = [:]
        curl_multi_cleanup(multi)  // closes the idle connections, through `closeSocket`
        timer.stop()
    }

    // MARK: Drive

    /// Lets libcurl begin what was added, once for all that is added until then.
    func planKick() {
        guard !isKickPlanned else { return }
        isKickPlanned = true
        reactor.perform { [self] in
            isKickPlanned = false
            drive(CURL_SOCKET_TIMEOUT, [])
        }
    }

    func drive(_ socket: curl_socket_t, _ readiness: Readiness) {
        guard !isClosed else { return }
        let mask =
            (readiness.contains(.read) ? CURL_CSELECT_IN : 0) | (readiness.contains(.write) ? CURL_CSELECT_OUT : 0)
        var count: CInt = 0
        driven = socket
        curl_multi_socket_action(multi, socket, mask, &count)
        driven = CURL_SOCKET_BAD
        while !isClosed, let message = curl_multi_info_read(multi, &count)?.pointee {  // a copy: `end` frees it
            guard message.msg == CURLMSG_DONE, let easy = message.easy_handle else { continue }
            var context: UnsafeMutableRawPointer?
            easy_get_private(easy, &context)
            guard let context else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            let outcome = transfer.outcome(message.data.result)
            if case .success(let response) = outcome.result, response.version == .http2 {
                for socket in transfer.opened { sockets[socket]?.isMultiplexed = true }
            }
            end(transfer)?(outcome)
        }
        if !isClosed { checkIdle() }
    }
}
