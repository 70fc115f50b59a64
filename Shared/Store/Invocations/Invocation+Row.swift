internal import Postgres
internal import Webhooks

extension Invocation {
    /// What ``init(_:)`` reads, of rows `i` of `invocations`; last the data of the event that was sent.
    static let columns = """
        shard, webhook_id, id, tenant_id, event_id, delivery_id, event_type, started_at, duration_ms,
               next_attempt_at, dns_us, connect_us, tls_us, first_byte_us, attempt, status, outcome, error_class,
               error_detail, trigger, is_final, remote_address, request, response,
               (SELECT e.data FROM events e                               -- events_pkey; the request is packed with it
                 WHERE e.shard = i.shard AND e.tenant_id = i.tenant_id AND get_byte(i.request, 0) = 2
                   AND e.id = coalesce(i.data_event_id, i.event_id))
        """

    /// Reads ``columns``, or the same with nulls in the place of what was exchanged.
    init(_ row: borrowing RowReader) throws(PostgresError) {
        let milliseconds: Int32 = try row.column(8)
        let storedRequest: [UInt8]? = try row.optional(22)
        let storedResponse: [UInt8]? = try row.optional(23)
        let storedData: [UInt8]? = try row.optional(24)
        let request: RecordedRequest?
        let response: RecordedResponse?
        do {
            request = try storedRequest.flatMap { stored throws(StoredPayloadError) in
                try RecordedRequest(stored, data: storedData)
            }
            response = try storedResponse.map { stored throws(StoredPayloadError) in
                try RecordedResponse(stored: stored)
            }
        } catch { throw .decoding("what an invocation exchanged: \(error)") }
        let outcome: Outcome = try row.column(16)
        let timings = Timings(
            dns: try row.optional(10), connect: try row.optional(11), tls: try row.optional(12),
            firstByte: try row.optional(13))
        self.init(
            id: try row.column(2), shard: try row.column(0), tenantID: try row.column(3), webhookID: try row.column(1),
            eventID: try row.optional(4), deliveryID: try row.optional(5), eventType: try row.column(6),
            attempt: try row.column(14), trigger: try row.column(19), startedAt: try row.column(7),
            duration: .milliseconds(milliseconds), outcome: outcome, errorClass: try row.optional(17),
            errorDetail: try row.optional(18), isFinal: try row.column(20), nextAttemptAt: try row.optional(9),
            status: try row.optional(15), request: request, response: response,
            timings: timings == Timings() && request == nil ? nil : timings, remoteAddress: try row.optional(21))
    }
}

extension RecordedRequest {
    /// Nil where the event that it was packed with is no longer stored.
    fileprivate init?(_ stored: [UInt8], data: [UInt8]?) throws(StoredPayloadError) {
        do {
            try self.init(stored: stored) { () throws(StoredPayloadError) in
                try data.map { data throws(StoredPayloadError) in try StoredPayload.decode(data) }
            }
        } catch .withoutDictionary {
            return nil
        }
    }
}
