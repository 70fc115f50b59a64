public import Postgres
public import Webhooks

/// A tenant's webhooks, newest first by id.
public struct ListWebhooks: Statement {
    public static let sql = """
        SELECT id, tenant_id, shard, configuration, disabled_reason, version, created_at, updated_at FROM webhooks
         WHERE tenant_id = $1 AND id < $2 AND deleted_at IS NULL          -- webhooks_listed
           AND ($3::text IS NULL OR $3 = CASE WHEN configuration->'isEnabled' = 'true' THEN 'active'
                                              WHEN disabled_reason IS NULL THEN 'inactive' ELSE 'disabled' END)
           AND ($4::text IS NULL OR searched LIKE lower($4) OR cardinality($5) > 0 AND configuration->'events' ?| $5)
           AND ($6::text[] IS NULL OR configuration->'events' ?| $6)
           AND ($7::text[] IS NULL OR configuration->'events' ?| $7 OR $8::text IS NOT NULL
                AND EXISTS (SELECT FROM jsonb_array_elements_text(configuration->'events') e WHERE e ~ $8))
           AND created_at BETWEEN $9 AND $10 AND updated_at BETWEEN $11 AND $12
         ORDER BY id DESC LIMIT $13
        """

    /// Which ones; a nil member asks for nothing.
    public struct Filter: Sendable {
        public var status: Webhook.Status?
        /// Found in name, URL or event patterns, in any case; `%` and `_` are letters like others.
        public var search: String?
        /// Patterns (`order-created`, `order-*`, `*`) of the event types that `search` finds by their resource.
        public var searchedEvents: [String] = []
        /// Patterns under which the wanted event is subscribed: its name, the prefixes that cover it, `*`.
        public var event: [String]?
        /// Likewise of all events of the wanted resource.
        public var resource: [String]?
        /// Beside ``resource``: a regular expression of the names that are of this resource in an open catalogue.
        public var openResource: String?
        public var created: ClosedRange<Instant> = .always
        public var updated: ClosedRange<Instant> = .always
        public init() {}
    }

    public let tenant: Tenant.ID
    /// Only ids below it; nil: from the newest.
    public let before: Webhook.ID?
    public let filter: Filter
    /// Rows at most.
    public let limit: Int

    public init(tenant: Tenant.ID, before: Webhook.ID? = nil, filter: Filter = Filter(), limit: Int) {
        self.tenant = tenant
        self.before = before
        self.filter = filter
        self.limit = limit
    }

    public func bind(_ parameters: inout Parameters) {
        parameters.append(tenant)
        parameters.append(before ?? .greatest)
        parameters.append(filter.status?.rawValue)
        parameters.append(filter.search.map { "%\($0.escapedForLike)%" })
        parameters.append(filter.searchedEvents)
        parameters.append(filter.event)
        parameters.append(filter.resource)
        parameters.append(filter.openResource)
        parameters.append(filter.created.lowerBound)
        parameters.append(filter.created.upperBound)
        parameters.append(filter.updated.lowerBound)
        parameters.append(filter.updated.upperBound)
        parameters.append(limit)
    }

    public static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Webhook { try Webhook(row) }
}

extension String {
    /// For LIKE, where `%`, `_` and `\` have a meaning.
    fileprivate var escapedForLike: String {
        var text = ""
        for character in unicodeScalars {
            if character == "%" || character == "_" || character == "\\" { text.unicodeScalars.append("\\") }
            text.unicodeScalars.append(character)
        }
        return text
    }
}
