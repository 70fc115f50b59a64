public import Webhooks

/// Turns an event and a webhook into a signed request. Pure: the same arguments give the same request.
public struct Dresser: Sendable {
    let catalogue: EventCatalogue
    private let signatureLifetime: Duration

    /// - Parameters:
    ///   - catalogue: says which resource and action a type stands for.
    ///   - signatureLifetime: how long receivers may take signatures that end by themselves: no less than a request may
    ///     take.
    public init(
        catalogue: EventCatalogue = .standard, signatureLifetime: Duration = CrystallizeSignature.usualLifetime
    ) {
        self.catalogue = catalogue
        self.signatureLifetime = signatureLifetime
    }

    /// The request of one attempt of a delivery.
    ///
    /// - Parameters:
    ///   - event: with the data that is to be sent.
    ///   - attempt: from 1.
    ///   - instant: when it is sent: the time of the signature.
    ///   - queryResult: what the webhook's payload query gave, as compact JSON text of an object: the body in place of
    ///     the default payload, or laid over it where the webhook preserves that.
    public func dress(
        _ event: Event, for webhook: PreparedWebhook, delivery: Delivery, attempt: Int16, at instant: Instant,
        queryResult: [UInt8]? = nil
    ) -> DressedRequest {
        dress(event, for: webhook, deliveryID: delivery.id, attempt: attempt, at: instant, queryResult: queryResult)
    }

    /// - Parameter deliveryID: nil for a test send, which has none and says nothing of it.
    public func dress(
        _ event: Event, for webhook: PreparedWebhook, deliveryID: Delivery.ID?, attempt: Int16 = 1,
        at instant: Instant, queryResult: [UInt8]? = nil
    ) -> DressedRequest {
        let configuration = webhook.webhook.configuration
        let event = webhook.cut(event)
        let subject = subject(of: event)
        let keepsDefault = configuration.preserveDefaultPayload
        let content: Content
        let body: [UInt8]?
        var url = configuration.url
        if let taken = webhook.queryNames {
            let all =
                queryResult.map { webhook.dress.members(of: subject, result: $0, keepsDefault: keepsDefault) }
                ?? webhook.dress.members(of: subject)
            let appended = all.filter { !taken.contains($0.name) }
            let text = QueryText.text(of: appended)
            url = QueryText.append(text, to: url)
            content = .query(appended, text: text)
            body = nil
        } else {
            let text = webhook.dress.body(of: subject, result: queryResult, keepsDefault: keepsDefault)
            content = .body(text)
            body = text
        }
        let occasion = Occasion(eventID: subject.eventID, instant: instant, lifetime: signatureLifetime)
        var headers = webhook.dress.fields(for: content, on: occasion)
        headers.reserveCapacity(8 + webhook.headers.count)
        headers.append(("x-martlet-event", event.type))
        if let deliveryID { headers.append(("x-martlet-delivery", deliveryID.description)) }
        headers.append(("x-martlet-attempt", String(attempt)))
        headers.append(("x-martlet-triggered-at", event.acceptedAt.rfc3339))
        if !webhook.hasTrace { headers.append(contentsOf: Self.trace(of: event, deliveryID, attempt, instant)) }
        headers.append(contentsOf: webhook.headers)
        return DressedRequest(method: configuration.method.rawValue, url: url, headers: headers, body: body)
    }

    /// The trace that the event came with goes on: each request is a span of its own in it. Nothing where it came
    /// with none.
    private static func trace(
        of event: Event, _ deliveryID: Delivery.ID?, _ attempt: Int16, _ instant: Instant
    ) -> [(name: String, value: String)] {
        guard let parent = event.traceparent.flatMap(Traceparent.init) else { return [] }
        let request = "\(deliveryID, default: "test") \(attempt) \(instant.microseconds)"
        let span = UInt64(truncatingIfNeeded: Fingerprint(of: [Array(request.utf8)]).value)
        let state = event.tracestate.flatMap(Tracestate.init).map { ("tracestate", $0.text) }
        return [("traceparent", parent.child(span: span).text)] + (state.map { [$0] } ?? [])
    }

    /// What a payload query knows of an event, the same in every dialect.
    ///
    /// Each member of the default payloads of `crystallize` and `shopery` has the value that it has there, so all
    /// top-level members of the data are among them, but for `id` (the resource id), `tenantId` and `webhookId`, which
    /// nothing replaces. Beside them, unless the data has such a name: `type` (the resource, e.g. `product`), and of
    /// the envelope `timestamp`, `resource`, `event`, `resourceId`, `data` and `related`.
    public func variables(of event: Event, for webhook: PreparedWebhook) -> [PayloadMember] {
        let subject = subject(of: event)
        let parameters = CrystallizeDress.parameters(
            of: subject, from: webhook.sender, data: PayloadMember.all(in: event.data))
        return PayloadMember.merge(parameters, into: StandardDress.envelope(of: subject, from: webhook.sender))
    }

    /// Names outside the catalogue are those of open ones.
    private func subject(of event: Event) -> Subject {
        let type =
            catalogue.type(named: event.type) ?? EventType(openName: event.type)
            ?? EventType(name: event.type, resource: event.type, action: event.type)
        return Subject(event: event, eventID: event.id.description, type: type)
    }
}
