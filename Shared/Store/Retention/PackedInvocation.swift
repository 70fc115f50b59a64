internal import Postgres
public import Webhooks

/// An invocation whose request is packed with the data of an event that is about to go.
public struct PackedInvocation: Sendable, Hashable {
    public let shard: Shard
    public let webhookID: Webhook.ID
    public let id: Invocation.ID
    /// Its request without the event: bytes that stand for themselves.
    public let request: [UInt8]

    public init(shard: Shard, webhookID: Webhook.ID, id: Invocation.ID, request: [UInt8]) {
        self.shard = shard
        self.webhookID = webhookID
        self.id = id
        self.request = request
    }

    /// Columns: shard, webhook, id, request, data of the event. Bytes that cannot be read stay as they are.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        shard = try row.column(0)
        webhookID = try row.column(1)
        id = try row.column(2)
        let stored: [UInt8] = try row.column(3)
        let data: [UInt8]? = try row.optional(4)
        let plain = try? StoredPayload.decode(stored) { () throws(StoredPayloadError) in
            try data.map { data throws(StoredPayloadError) in try StoredPayload.decode(data) }
                .flatMap(RequestDictionary.bytes)
        }
        request = plain.map { StoredPayload.encode($0) } ?? stored
    }

    /// Whether anything is to be written.
    public var isUnpacked: Bool { request.first != 2 }
}
