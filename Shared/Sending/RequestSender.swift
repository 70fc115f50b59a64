public import Curl
public import Dressing
import Epoll
import Webhooks

/// Sends dressed requests, with what `authentication` needs beyond a field of its own: a client certificate, an access
/// token of OAuth 2. It works on its engine's reactor.
public actor RequestSender {
    public nonisolated var unownedExecutor: UnownedSerialExecutor { engine.unownedExecutor }

    let engine: HTTPEngine
    private var lastNumber: UInt64 = 0
    private var jobs: [UInt64: Job] = [:]
    var tokens: [Webhook.ID: TokenSlot] = [:]
    /// Requests that wait for a token.
    var waiting: [Webhook.ID: [UInt64]] = [:]
    let now: @Sendable () -> ContinuousClock.Instant

    private init(engine: HTTPEngine, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.engine = engine
        self.now = now
    }

    /// - Parameter now: the clock of tokens.
    public static func make(
        engine: HTTPEngine, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) -> RequestSender {
        RequestSender(engine: engine, now: now)
    }

    /// Names a request that is under way.
    public enum SendID: Sendable {
        case transfer(TransferID)
        case job(UInt64)
    }

    /// Sends a request. For callers on the same reactor; no task is made.
    ///
    /// `completion` is called once, on the reactor's thread, after this call has returned.
    ///
    /// - Parameter maySend: asked again when a token came for which the request had to wait; false ends it, cancelled.
    public func start(
        _ dressed: DressedRequest, for webhook: PreparedWebhook, maySend: @escaping @Sendable () -> Bool = { true },
        completion: @escaping @Sendable (SentRequest) -> Void
    ) -> SendID {
        guard let client = webhook.tokenClient else {
            let id = transfer(dressed, webhook) { completion(SentRequest(request: dressed, outcome: $0)) }
            return .transfer(id)
        }
        lastNumber += 1
        jobs[lastNumber] = Job(dressed, webhook, client, maySend, completion)
        authorise(lastNumber)
        return .job(lastNumber)
    }

    /// Sends a request and waits.
    public func send(_ dressed: DressedRequest, for webhook: PreparedWebhook) async -> SentRequest {
        await withCheckedContinuation { continuation in
            _ = start(dressed, for: webhook) { continuation.resume(returning: $0) }
        }
    }

    /// Ends a request as cancelled. Harmless when it is over.
    public func cancel(_ id: SendID) {
        switch id {
        case .transfer(let id): engine.assumeIsolated { $0.cancel(id) }
        case .job(let number):
            guard let transfer = jobs[number]?.transfer else { return end(number, .failure(.cancelled)) }
            engine.assumeIsolated { $0.cancel(transfer) }
        }
    }

    private func transfer(
        _ dressed: DressedRequest, _ webhook: PreparedWebhook,
        _ completion: @escaping @Sendable (TransferOutcome) -> Void
    ) -> TransferID {
        let request = OutboundRequest(dressed, for: webhook)
        return engine.assumeIsolated { $0.start(request, completion: completion) }
    }

    // MARK: Requests with a token

    /// A request that is sent with a token, from its wish for one to its end.
    final class Job {
        let dressed: DressedRequest
        let webhook: PreparedWebhook
        let client: TokenClient
        let maySend: () -> Bool
        let completion: @Sendable (SentRequest) -> Void
        var transfer: TransferID?
        /// The token came for this request, or because of it: another will be no better.
        var hasFreshToken = false

        init(
            _ dressed: DressedRequest, _ webhook: PreparedWebhook, _ client: TokenClient,
            _ maySend: @escaping () -> Bool, _ completion: @escaping @Sendable (SentRequest) -> Void
        ) {
            self.dressed = dressed
            self.webhook = webhook
            self.client = client
            self.maySend = maySend
            self.completion = completion
        }
    }

    /// Sends with the token at hand, or waits for one.
    private func authorise(_ number: UInt64) {
        guard let job = jobs[number] else { return }
        let id = job.webhook.webhook.id
        switch slot(of: job).want(at: now()) {
        case .use(let token): send(number, with: token)
        case .wait: waiting[id, default: []].append(number)
        case .fetch:
            waiting[id, default: []].append(number)
            fetch(for: job)
        }
    }

    /// The webhook's token; a new place for one where its client is another than before.
    private func slot(of job: Job) -> TokenSlot {
        let id = job.webhook.webhook.id
        if let slot = tokens[id], slot.client == job.client { return slot }
        if tokens.count >= TokenSlot.limit { tokens = tokens.filter { $0.value.isFetching } }
        let slot = TokenSlot(client: job.client)
        tokens[id] = slot
        return slot
    }

    private func fetch(for job: Job) {
        var request = OutboundRequest(job.client.request, for: job.webhook)
        request.clientCertificate = nil
        (request.keptBodyBytes, request.maximumBodyBytes) = (TokenClient.answerLimit, TokenClient.answerLimit)
        let (id, client) = (job.webhook.webhook.id, job.client)
        engine.assumeIsolated { [request] engine in
            _ = engine.start(request) { [weak self] outcome in
                self?.assumeIsolated { $0.fetched(outcome, for: id, of: client) }
            }
        }
    }

    private func fetched(_ outcome: TransferOutcome, for id: Webhook.ID, of client: TokenClient) {
        let answer = TokenAnswer(outcome)
        if let slot = tokens[id], slot.client == client { slot.fetched(try? answer.token.get(), at: now()) }
        for number in waiting.removeValue(forKey: id) ?? [] {
            guard let job = jobs[number] else { continue }
            guard job.client == client else {  // the webhook was changed meanwhile
                authorise(number)
                continue
            }
            switch answer.token {
            case .success(let token):
                job.hasFreshToken = true
                send(number, with: token.text)
            case .failure(let failure): end(number, .failure(failure), timings: outcome.timings)
            }
        }
    }

    private func send(_ number: UInt64, with token: String) {
        guard let job = jobs[number] else { return }
        guard job.maySend() else { return end(number, .failure(.cancelled)) }
        let dressed = job.dressed.bearing(token)
        job.transfer = transfer(dressed, job.webhook) { [weak self] outcome in
            self?.assumeIsolated { $0.ended(number, dressed, token, outcome) }
        }
    }

    /// A receiver that refuses a token which is not new may know more than we do: once, a new one is tried.
    private func ended(_ number: UInt64, _ dressed: DressedRequest, _ token: String, _ outcome: TransferOutcome) {
        guard let job = jobs[number] else { return }
        job.transfer = nil
        if case .success(let answer) = outcome.result, answer.status == 401 {
            slot(of: job).refused(token)
            if !job.hasFreshToken {
                job.hasFreshToken = true
                return authorise(number)
            }
        }
        jobs[number] = nil
        job.completion(SentRequest(request: dressed, outcome: outcome))
    }

    /// Ends a request that was never sent, and never will be; told behind the caller of now.
    private func end(
        _ number: UInt64, _ result: Result<HTTPResponse, TransferFailure>, timings: TransferTimings = TransferTimings()
    ) {
        guard let job = jobs.removeValue(forKey: number) else { return }
        let sent = SentRequest(request: nil, outcome: TransferOutcome(result: result, timings: timings))
        engine.reactor.perform { [completion = job.completion] in completion(sent) }
    }
}

/// What became of a request.
public struct SentRequest: Sendable {
    /// As it was sent, token included; nil where it was not.
    public let request: DressedRequest?
    public let outcome: TransferOutcome
}
