extension WebhookConfiguration {
    /// The members' names in `webhooks.configuration`.
    enum CodingKeys: String, CodingKey {
        case name, type, url, events, isEnabled, whenDisabled, method, headers, signatures, dialect, payloadQuery
        case preserveDefaultPayload, fields, debounceSeconds, filter, format, data, retry, timeoutMs, connectTimeoutMs
        case rateLimit, maxConcurrency, ordering, description, metadata
    }

    /// Reads a row of any age: a member that is missing or null takes its default, an unknown one is passed over.
    ///
    /// `name`, `url` and `events` have none and must be there.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try members.decode(String.self, forKey: .name), url: try members.decode(String.self, forKey: .url),
            events: try members.decode([String].self, forKey: .events))
        func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
            value = try members.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.type, into: &type)
        try read(.isEnabled, into: &isEnabled)
        try read(.whenDisabled, into: &whenDisabled)
        try read(.method, into: &method)
        try read(.headers, into: &headers)
        try read(.signatures, into: &signatures)
        dialect = try members.decodeIfPresent(Dialect.self, forKey: .dialect)
        payloadQuery = try members.decodeIfPresent(String.self, forKey: .payloadQuery)
        try read(.preserveDefaultPayload, into: &preserveDefaultPayload)
        fields = try members.decodeIfPresent([String].self, forKey: .fields)
        debounceSeconds = try members.decodeIfPresent(Int.self, forKey: .debounceSeconds)
        filter = try members.decodeIfPresent(String.self, forKey: .filter)
        try read(.format, into: &format)
        try read(.data, into: &data)
        retry = try members.decodeIfPresent(RetryPolicy.self, forKey: .retry)
        try read(.timeoutMs, into: &timeoutMs)
        try read(.connectTimeoutMs, into: &connectTimeoutMs)
        rateLimit = try members.decodeIfPresent(RateLimit.self, forKey: .rateLimit)
        try read(.maxConcurrency, into: &maxConcurrency)
        try read(.ordering, into: &ordering)
        description = try members.decodeIfPresent(String.self, forKey: .description)
        try read(.metadata, into: &metadata)
    }
}
