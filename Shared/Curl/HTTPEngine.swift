import CCurl
public import Epoll

/// Many HTTP exchanges at once on one thread, with connections kept open between them.
///
/// Every method runs on the reactor's thread. An engine that goes away, or is closed, ends its transfers as
/// `cancelled`. A request on a connection that the peer closed meanwhile, before any byte of an answer, is sent again
/// on a new one.
public actor HTTPEngine {
    public nonisolated let reactor: Reactor
    public nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    /// Made by `init`, then used on the reactor's thread alone.
    private nonisolated let multi: MultiHandle

    /// - Throws: what is wrong with the configuration.
    public init(
        on reactor: Reactor, configuration: HTTPEngineConfiguration = HTTPEngineConfiguration()
    ) throws(HTTPEngineConfiguration.Fault) {
        self.reactor = reactor
        multi = MultiHandle(on: reactor, options: try TransferOptions(configuration))
    }

    /// Not an isolated one: together with a public initialiser that breaks the release build ("circular reference").
    deinit {
        let multi = multi
        reactor.perform { multi.close() }
    }

    /// Transfers that have not ended.
    public var inFlight: Int { multi.inFlight }

    /// Sends a request. For callers on the same reactor; no task is made.
    ///
    /// `completion` is called once, on the reactor's thread, after this call has returned; at the latest when the
    /// timeout is over.
    @discardableResult
    public func start(_ request: OutboundRequest, completion: @escaping (TransferOutcome) -> Void) -> TransferID {
        multi.start(request, completion)
    }

    /// Ends a transfer as `cancelled`: its completion is called after this call has returned. Harmless when it is over.
    public func cancel(_ transfer: TransferID) { multi.cancel(transfer) }

    /// Sends a request and waits; a cancelled task is answered `cancelled` at once.
    public func send(_ request: OutboundRequest) async -> TransferOutcome {
        let id = multi.nextID()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                multi.start(request, as: id) { continuation.resume(returning: $0) }
            }
        } onCancel: {
            reactor.perform { [weak self] in self?.assumeIsolated { $0.cancel(id) } }
        }
    }

    /// Ends every transfer as `cancelled` and closes all connections; what is started afterwards is `cancelled` too.
    public func close() { multi.close() }
}

/// Names a transfer of one engine; never given twice.
public struct TransferID: Hashable, Sendable {
    let number: UInt64
}
