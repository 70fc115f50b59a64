public import Postgres
public import Webhooks

/// Tells the owners, once the transaction is committed, which lanes have something new.
public struct InsertWake: Statement {
    public static let sql = """
        INSERT INTO wakes (shard_mask, shards, webhooks) VALUES ($1, $2, $3)
        """

    public struct Lane: Sendable, Hashable, Comparable {
        public let shard: Shard
        public let webhook: Webhook.ID

        public init(shard: Shard, webhook: Webhook.ID) {
            self.shard = shard
            self.webhook = webhook
        }

        public static func < (one: Self, other: Self) -> Bool {
            (one.shard, one.webhook) < (other.shard, other.webhook)
        }
    }

    /// Each lane once.
    public let lanes: [Lane]

    public init(lanes: some Sequence<Lane>) { self.lanes = Set(lanes).sorted() }

    /// The lanes of a batch.
    public init(of rows: [DeliveryRow]) {
        self.init(lanes: rows.lazy.map { Lane(shard: $0.shard, webhook: $0.webhookID) })
    }

    public var isOmitted: Bool { lanes.isEmpty }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(Shard.mask(of: lanes.lazy.map(\.shard)))
        parameters.appendArray(of: lanes) { $0.shard }
        parameters.appendArray(of: lanes) { $0.webhook }
    }
}

extension Shard {
    /// One bit a shard, as `wakes.shard_mask` has it.
    static func mask(of shards: some Sequence<Shard>) -> Int64 { shards.reduce(0) { $0 | 1 << Int64($1.number) } }
}
