import Dressing

/// The access token of one webhook, and whether it is being renewed.
final class TokenSlot {
    /// Webhooks whose tokens are kept.
    static let limit = 10_000
    /// A token is renewed so long before its end, or a tenth of its life before, if that is less.
    static let margin = Duration.seconds(60)

    enum Step: Equatable {
        case use(String)
        /// Somebody asks for one already.
        case wait
        /// The caller is the one to ask.
        case fetch
    }

    let client: TokenClient
    private(set) var isFetching = false
    private var token: String?
    private var goodUntil: ContinuousClock.Instant?

    init(client: TokenClient) { self.client = client }

    func want(at now: ContinuousClock.Instant) -> Step {
        if let token, let goodUntil, now < goodUntil { return .use(token) }
        if isFetching { return .wait }
        isFetching = true
        return .fetch
    }

    /// Nil: there is none, for whatever reason.
    func fetched(_ granted: TokenAnswer.Token?, at now: ContinuousClock.Instant) {
        isFetching = false
        token = granted?.text
        goodUntil = granted.map { now + $0.lifetime - min(Self.margin, $0.lifetime / 10) }
    }

    /// A receiver does not take this one: the next request gets another.
    func refused(_ refused: String) { if token == refused { token = nil } }
}
