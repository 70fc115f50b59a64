import Store
import Webhooks

extension PlanCase {
    static let all = ingest + reading + flush + replays + history + control

    /// All that the metrics service asks for what it exports.
    static let scrape: [PlanCase] = [
        .init(.metrics, SampleQueue(shards: [shard]), uses: []), .init(.metrics, FindHorizons(), uses: []),
        .init(.metrics, FindOldestStats(), uses: []), .init(.metrics, FindOldestDay(), uses: []),
        .init(.metrics, SumRolledStats(since: .now - .seconds(86_400), until: .now), uses: []),
        .init(.metrics, SumDeliveryStats(since: .now), uses: []), .init(.metrics, SampleLanes(), uses: []),
        .init(.metrics, SampleTenants(since: .now, limit: 20, without: "a"), uses: []),
        .init(.metrics, SampleTables(), uses: []), .init(.metrics, SamplePostgres(), uses: []),
    ]

    private static let shard = Shard.all[3]
    private static let tenant = Tenant.ID()
    private static let webhook = Webhook.ID()
    private static let event = EventKey(shard: shard, tenantID: tenant, id: Event.ID())
    private static let delivery = Delivery(
        id: Delivery.ID(), shard: shard, tenantID: tenant, webhookID: webhook, eventID: event.id, dueAt: .now)
    private static let lane = LaneCursor(shard: shard, webhook: webhook, dueAt: .now, id: delivery.id, room: 9)
    private static let keys = [
        EventKeyRow(
            shard: shard, tenantID: tenant, key: Fingerprint(1), eventID: event.id, body: Fingerprint(2), deliveries: 1)
    ]
    private static let eventRows = [
        EventRow(
            shard: shard, tenantID: tenant, id: event.id, resourceKey: nil, type: "order-created", resourceID: nil,
            occurredAt: nil, traceparent: nil, data: [0], related: nil, key: Fingerprint(3))
    ]
    private static let deliveryRows = [
        DeliveryRow(
            shard: shard, webhookID: webhook, id: delivery.id, tenantID: tenant, eventID: event.id, orderKey: nil,
            key: Fingerprint(3))
    ]

    private static let ingest: [PlanCase] = [
        .init(.ingester, RequireDirectoryVersions(tenants: [tenant], versions: [1]), uses: ["tenants_pkey"]),
        .init(.ingester, InsertEventKeys(keys), uses: ["event_keys_pkey"]),
        .init(.ingester, RequireUncontestedEventKeys(keys), uses: ["event_keys_pkey"]),
        .init(.ingester, InsertEvents(eventRows), uses: ["event_keys_pkey"]),
        .init(.ingester, InsertDeliveries(deliveryRows), uses: ["event_keys_pkey"]),
        .init(.ingester, FindDuplicateEventKeys(keys), uses: ["event_keys_pkey"]),
        .init(.ingester, FindStoredEvents(eventRows), uses: ["events_pkey"]),
        .init(.ingester, FindTenant(identifier: "acme"), uses: ["tenants_identifier_key"]),
        .init(.ingester, FindTenants(ids: [tenant]), uses: ["tenants_pkey"]),
        .init(
            .ingester, FindWebhookChanges(tenants: [tenant], after: [0]), uses: ["tenants_pkey", "webhooks_changes"]),
        .init(
            .ingester, FindSubscriptionChanges(tenants: [tenant], after: [0]),
            uses: ["tenants_pkey", "webhooks_changes"]),
    ]

    private static let reading: [PlanCase] = [
        .init(.delivery, FindWakesSince(transaction: 0, shards: Shard.all), uses: ["wakes_xid"]),
        .init(.delivery, FindLateWakes(since: WakeSnapshot(next: 2, open: [1]), newest: 3), uses: ["wakes_xid"]),
        .init(.delivery, FindWakes(transactions: [1], shards: [shard]), uses: ["wakes_xid"]),
        .init(.delivery, PurgeWakes(limit: 10), uses: ["wakes_xid"]),
        .init(.delivery, FindNextDeliveries(lanes: [lane], until: .now), uses: ["deliveries_pkey"]),
        .init(
            .delivery, FindOrderedDeliveries(lane: lane, until: .now, blocked: [1]), uses: ["deliveries_pkey"]),
        .init(.delivery, FindLaneHeads(shards: Shard.all), uses: ["deliveries_pkey"]),
        .init(.delivery, FindEvents([event]), uses: ["events_pkey"]),
        .init(
            .delivery, FindEventsToSend([event], wantsNewest: [true], at: .now),
            uses: ["events_pkey", "events_resource"]),
        .init(
            .delivery, FindRecentlySent(shard: shard, tenant: tenant, webhook: webhook, since: .now, limit: 9),
            uses: ["invocations_pkey", "events_pkey"]),
        .init(
            .delivery, FindNewestOfResources([.init(shard: shard, tenantID: tenant, resource: Fingerprint(1))]),
            uses: ["events_resource"]),
        .init(
            .delivery, FindSubscribers(webhooks: [webhook]),
            uses: ["webhooks_pkey", "tenants_pkey", "webhook_secrets_pkey"]),
        .init(
            .delivery, FindChangedWebhooks(after: [.init(endOf: 0, tenantID: tenant)], limit: 9),
            uses: ["webhooks_changes"]),
        .init(.delivery, FindWebhooks(ids: [webhook]), uses: ["webhooks_pkey"]),
        .init(.delivery, FindLaneStates(shards: [shard]), uses: ["lane_states_pkey"]),
        .init(.metrics, SampleQueue(shards: [shard]), uses: ["deliveries_pkey", "webhooks_pkey"]),
        .init(.metrics, FindOldestStats(), uses: ["delivery_stats_minute"]),
        .init(.metrics, SumDeliveryStats(since: .now), uses: ["delivery_stats_minute"]),
        .init(.metrics, FindOldestDay(), uses: ["daily_stats_minute"]),
        .init(.metrics, SumRolledStats(since: .now - .seconds(86_400), until: .now), uses: ["daily_stats_minute"]),
        .init(
            .delivery, FindExpiredDeliveries(in: shard, after: nil, acceptedBefore: .now, limit: 9),
            uses: ["deliveries_pkey"]),
        .init(.metrics, AreEventsNeeded(in: shard, before: .now), uses: ["deliveries_pkey"]),
        .init(function: "keep_invocations", uses: ["webhooks_pkey", "invocations_pkey"]),
        .init(
            .metrics, TrimKeptInvocations(after: webhook, limit: 9),
            uses: ["webhooks_pkey", "invocations_pkey", "invocations_kept_pkey", "horizons_pkey"]),
        .init(
            function: "packed_invocations", uses: ["invocations_event", "invocations_kept_packed", "events_pkey"]),
        .init(
            .metrics, UnpackInvocations([.init(shard: shard, webhookID: webhook, id: Invocation.ID(), request: [0])]),
            uses: ["invocations_pkey", "invocations_kept_pkey"]),
    ]

    private static let flush: [PlanCase] = [
        .init(.delivery, SettleDeliveries([delivery]), uses: ["deliveries_pkey"]),
        .init(
            .delivery, RescheduleDeliveries([.init(delivery, againAt: .now, attempts: 1)]), uses: ["deliveries_pkey"]),
        .init(.delivery, CancelLane(shard: shard, webhook: webhook), uses: ["deliveries_pkey"]),
        .init(
            .delivery, InvocationExists(shard: shard, webhook: webhook, invocation: Invocation.ID()),
            uses: ["invocations_pkey"]),
        .init(.delivery, RecountDeliveryStats(shards: [shard], since: .now), uses: ["invocations_id"]),
        .init(
            .delivery, SaveLaneStates([LaneState(shard: shard, webhookID: webhook, breaker: 1)]),
            uses: ["lane_states_pkey"]),
        .init(.delivery, PurgeLaneStates(shards: [shard], limit: 9), uses: ["lane_states_pkey", "webhooks_pkey"]),
        .init(.delivery, RequireShards([shard], ownedBy: Worker.ID()), uses: ["shard_leases_pkey"]),
        .init(.delivery, GiveShards([shard], epochs: [1], ownedBy: Worker.ID()), uses: ["shard_leases_pkey"]),
        .init(.delivery, TakeShards(for: Worker.ID(), from: [], atMost: 0), uses: ["shard_leases_pkey"]),
        .init(.delivery, Beat(worker: Worker.ID()), uses: ["workers_pkey"]),
        .init(
            .delivery, DisableWebhook(id: webhook, tenant: tenant, reason: "410"),
            uses: ["tenants_pkey", "webhooks_listed"]),
    ]

    private static let span = Instant(microseconds: 0)...Instant(microseconds: 1)
    private static let replay = Replay(
        id: Replay.ID(), shard: shard, tenantID: tenant, webhookID: webhook, since: .now, until: .now, only: .all,
        createdAt: .now)

    private static let replays: [PlanCase] = [
        .init(
            .delivery, FindRunningReplays(shards: [shard]),
            uses: ["replays_running", "tenants_pkey", "webhooks_listed"]),
        .init(
            .delivery, CountReplayDeliveries(shard: shard, webhook: webhook, limit: 9), uses: ["deliveries_again"]),
        .init(.delivery, FindEventsToReplay(replay, after: nil, limit: 9), uses: ["events_pkey"]),
        .init(
            .delivery, FindFailuresToReplay(replay, after: nil, limit: 9),
            uses: ["invocations_failed", "invocations_event", "deliveries_again", "events_pkey"]),
        .init(
            .delivery,
            AdvanceReplay(replay.id, shard: shard, from: nil, to: nil, matched: 0, queued: 0, state: .running),
            uses: ["replays_running"]),
        .init(
            .delivery, FindFailingWebhooks(shards: [shard]),
            uses: [
                "lane_states_pkey", "webhooks_pkey", "tenants_pkey", "invocations_failed", "delivery_stats_pkey",
            ]),
        .init(
            .delivery, FindOperationalSubscribers(of: "webhook-disabled", about: webhook, tenant: tenant),
            uses: ["tenants_pkey", "webhooks_listed"]),
        .init(.delivery, LockTenant(id: tenant), uses: ["tenants_pkey"]),
        .init(.api, FindReplay(id: replay.id, tenant: tenant), uses: ["replays_pkey"]),
        .init(
            .api, CreateReplay(webhook: webhook, tenant: tenant, span: span, only: .all),
            uses: ["webhooks_listed"]),
        .init(
            .api, RetryDelivery(event: event.id, to: webhook, of: tenant, orderKey: nil), uses: ["webhooks_listed"]),
    ]

    private static let events = EventSelection(shard: shard, tenant: tenant, type: "a", resourceID: "b", limit: 9)

    private static let history: [PlanCase] = [
        .init(
            .api, ListInvocations(InvocationSelection(shard: shard, tenant: tenant, webhook: webhook, limit: 9)),
            uses: ["invocations_pkey", "invocations_kept_pkey", "events_pkey", "horizons_pkey"], isOrdered: true),
        .init(
            .api,
            ListUnsuccessfulInvocations(InvocationSelection(shard: shard, tenant: tenant, webhook: webhook, limit: 9)),
            uses: ["invocations_failed", "invocations_kept_pkey", "events_pkey", "horizons_pkey"], isOrdered: true),
        .init(
            .api, FindInvocation(id: Invocation.ID(), shard: shard, tenant: tenant),
            uses: ["invocations_id", "invocations_kept_id", "events_pkey"]),
        .init(
            .api, FindInvocationsOfDeliveries([delivery.id], of: event), uses: ["invocations_event", "events_pkey"]),
        .init(
            .api, FindLastInvocations(of: [webhook], shard: shard, tenant: tenant),
            uses: ["invocations_pkey", "invocations_kept_pkey"], isOrdered: true),
        .init(.api, ListEvents(events), uses: ["events_pkey"], isOrdered: true),
        .init(.api, ListTypedEvents(events), uses: ["events_typed"], isOrdered: true),
        .init(.api, ListEventsOfResource(events), uses: ["events_of_resource"], isOrdered: true),
        .init(
            .api, FindScanEnd(InvocationSelection(shard: shard, tenant: tenant, webhook: webhook, limit: 9)),
            uses: ["invocations_pkey"], isOrdered: true),
        .init(.api, FindEvent(event), uses: ["events_pkey"]),
        .init(
            .api, ListDeliveries(shard: shard, tenant: tenant, limit: 9),
            uses: ["webhooks_listed", "deliveries_pkey", "events_pkey"]),
        .init(
            .api, ListDeliveriesOfEvent(event, limit: 9),
            uses: ["webhooks_listed", "deliveries_pkey", "invocations_event", "cancelled_deliveries_pkey"]),
        .init(
            .api, CancelDelivery(id: delivery.id, shard: shard, tenant: tenant),
            uses: ["webhooks_listed", "deliveries_pkey"]),
        .init(
            .api,
            FindStatsBuckets(
                shard: shard, tenant: tenant, webhooks: [webhook], since: .now, until: .now, interval: .hour),
            uses: ["delivery_stats_pkey", "hourly_stats_pkey", "daily_stats_pkey", "horizons_pkey"]),
        .init(
            .api,
            FindTenantStatsBuckets(shard: shard, tenant: tenant, since: .now, until: .now, interval: .hour),
            uses: [
                "webhooks_changes", "delivery_stats_pkey", "hourly_stats_pkey", "daily_stats_pkey", "horizons_pkey",
            ]),
        .init(
            .api, FindQueueDepths(shard: shard, tenant: tenant, since: .now, until: .now, interval: .hour),
            uses: ["webhooks_listed", "delivery_stats_pkey", "hourly_stats_pkey", "horizons_pkey"]),
        .init(
            .api, SumStatsOfWebhooks(shard: shard, tenant: tenant, webhooks: [webhook], since: .now, until: .now),
            uses: ["delivery_stats_pkey", "hourly_stats_pkey", "horizons_pkey"]),
        .init(.api, MeasureQueues(shard: shard, tenant: tenant, webhooks: [webhook]), uses: ["deliveries_pkey"]),
        .init(.metrics, SampleQueueDepths(shards: [shard]), uses: ["deliveries_pkey"]),
        .init(
            .api, MeasureQueue(shard: shard, tenant: tenant), uses: ["webhooks_listed", "deliveries_pkey"]),
        .init(
            .api, ListAuditEntries(of: webhook, tenant: tenant, limit: 9), uses: ["webhook_changes_pkey"],
            isOrdered: true),
    ]

    private static let idempotency = IdempotencyKey(tenant: tenant, path: "/", key: "1")

    private static let control: [PlanCase] = [
        .init(.api, FindWebhook(id: webhook, tenant: tenant), uses: ["webhooks_listed"]),
        .init(.api, RequireWebhook(id: webhook, tenant: tenant), uses: ["webhooks_listed"]),
        .init(.api, ListWebhooks(tenant: tenant, limit: 9), uses: ["webhooks_listed"], isOrdered: true),
        .init(.api, FindWebhookSecrets(webhooks: [webhook]), uses: ["webhook_secrets_pkey"]),
        .init(.api, FindEventTypes(tenant: tenant), uses: ["event_types_pkey"]),
        .init(.ingester, FindEventTypeNames(tenants: [tenant]), uses: ["event_types_pkey"]),
        .init(.api, FindIdempotencyKey(idempotency), uses: ["idempotency_keys_pkey"]),
        .init(.api, ReleaseIdempotencyKey(idempotency, run: .init()), uses: ["idempotency_keys_pkey"]),
        .init(.api, ListTenants(limit: 9), uses: ["tenants_pkey"]),
        .init(.api, ListInspectors(tenant: tenant, limit: 9), uses: ["inspectors_listed"]),
        .init(
            .api, ListInspectedRequests(of: Inspector.ID(), tenant: tenant, limit: 9),
            uses: ["inspected_requests_pkey"], isOrdered: true),
        .init(.api, ListAPIKeys(tenant: tenant, limit: 9), uses: ["api_keys_listed"]),
        .init(.api, DeleteAPIKey(id: APIKey.ID(), tenant: tenant), uses: ["api_keys_listed"]),
        .init(
            .api, DeleteWebhook(id: webhook, tenant: tenant),
            uses: ["tenants_pkey", "webhooks_listed", "webhook_secrets_pkey"]),
    ]
}
