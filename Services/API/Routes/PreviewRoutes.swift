import Dressing
import Hosting
import Hummingbird
import JSON
import Postgres
import Store
import Tenancy
import Webhooks

/// `POST /company/webhooks/preview`: what a webhook's requests would hold, while one still writes its query.
///
/// The same reading, the same engine and the same dress as a delivery's. What a query or fields say wrongly is part of
/// the answer: whoever asks at each key that is pressed expects to be told, and nothing has failed.
struct PreviewRoutes: Sendable {
    /// Which event is shown.
    private enum Source: String, CaseIterable { case sample, newest }

    /// Those that shape the payload.
    private static let members: Set<String> = [
        "dialect", "payloadQuery", "preserveDefaultPayload", "fields", "format", "data",
    ]

    let parts: APIParts

    func preview(_ request: Request, by caller: AccessToken, of tenant: Tenant) async throws -> Response {
        let document = try await request.document()
        let (_, types) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), FindEventTypes(tenant: tenant.id))
        let own = OwnTypes(types, beside: parts.catalogue)
        let faults = Faults()
        guard
            let reader = MemberReader(
                document.root, known: Self.members.union(["event", "source"]), faults: faults)
        else { throw faults.problem }
        let type = reader.string("event", length: 1...200, isRequired: true).flatMap {
            TestRoutes.type(named: $0, tenant: tenant, own: own, faults: faults)
        }
        let source: Source = reader.choice("source") ?? .sample
        guard faults.isEmpty, let type else { throw faults.problem }
        if source == .newest, !caller.permissions.contains(.eventsRead) {
            throw Problem.forbidden(
                "The token lacks the permission \(Permission.eventsRead.rawValue).", code: "missing_permission")
        }
        var draft = WebhookConfiguration(name: "", url: "https://example.com/", events: [type.name])
        let found = Faults()
        let rules = parts.rules(for: tenant, catalogue: own.catalogue)
        let shape = reader.noting(in: found)
        draft.dialect = shape.choice("dialect")
        WebhookInput.readDressing(shape, dialect: rules.dialect(draft.dialect), rules: rules, into: &draft)
        // Of the wrong kind is what no key pressed in a form leads to.
        guard !found.list.contains(where: { $0.code == .wrongType || $0.code == .unknownValue }) else {
            throw found.problem
        }
        guard let event = try await event(source, of: type, own, tenant) else {
            found.add("source", .invalid, "No event of the type \(type.name) is stored.")
            return answer(type, nil, nil, found)
        }
        guard found.isEmpty else { return answer(type, event, nil, found) }
        let payload = try await payload(of: event, for: draft, tenant, own, source, found)
        return answer(type, event, payload, found)
    }

    private func event(
        _ source: Source, of type: EventType, _ own: OwnTypes, _ tenant: Tenant
    ) async throws -> Event? {
        guard source == .newest else {
            return SampleEvent.event(type: type, data: own.example(of: type), tenant: tenant.id, at: .now)
        }
        let selection = EventSelection(shard: tenant.shard, tenant: tenant.id, type: type.name, limit: 1)
        let (_, rows) = try await parts.pool.transact(
            SetTenantContext(tenant: tenant.id), ListTypedEvents(selection))
        guard let row = rows.first else { return nil }
        let key = EventKey(shard: tenant.shard, tenantID: tenant.id, id: row.id)
        return try await parts.pool.transact(SetTenantContext(tenant: tenant.id), FindEvent(key)).1.first
    }

    /// The text of the body; nil, with a fault, where the query gives none.
    private func payload(
        of event: Event, for configuration: WebhookConfiguration, _ tenant: Tenant, _ own: OwnTypes, _ source: Source,
        _ faults: Faults
    ) async throws -> [UInt8]? {
        let now = Instant.now
        guard let webhook = SampleEvent.webhook(configuration, of: tenant, at: now) else { return nil }
        let dresser = Dresser(catalogue: own.catalogue)
        let newest = NewestData(pool: parts.pool, tenant: tenant)
        do {
            let isOwn = source == .sample || configuration.data == .snapshot
            let result = try await newest.result(of: dresser.ask(event, for: webhook, ownDataAnswers: isOwn))
            return dresser.dress(event, for: webhook, deliveryID: nil, at: now, queryResult: result).body
        } catch let failure as AskedQuery.Failure {
            faults.add("payloadQuery", .invalid, failure.message)
            return nil
        }
    }

    private func answer(_ type: EventType, _ event: Event?, _ payload: [UInt8]?, _ faults: Faults) -> Response {
        var writer = JSONWriter(capacity: (payload?.count ?? 0) + 256)
        writer.object { writer in
            writer.member("event", type.name)
            writer.member("resourceId", event?.resourceID)
            writer.member("occurredAt", event?.occurredAt)
            writer.member("payload", payload.map { String(decoding: $0, as: UTF8.self) })
            writer.name("errors")
            writer.array { writer in
                for fault in faults.list {
                    writer.object { writer in
                        writer.member("field", fault.field)
                        writer.member("code", fault.code.rawValue)
                        writer.member("detail", fault.detail)
                    }
                }
            }
        }
        return .json(writer.bytes)
    }
}
