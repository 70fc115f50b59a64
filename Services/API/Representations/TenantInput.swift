import JSON
import Webhooks

/// What a request body says about a tenant, checked whole.
struct TenantInput {
    static let readOnlyMembers: Set<String> = ["id", "createdAt", "updatedAt"]
    private static let settingsMembers: Set<String> = [
        "defaultDialect", "allowHTTP", "eventCatalogue", "rateLimits", "maxWebhooks", "autoDisableAfterDays",
    ]

    /// Nil in a change: an identifier stays.
    let identifier: String?
    let name: String
    let settings: TenantSettings
    /// Given with a new tenant only.
    let signatureSecret: String?

    /// Nil where anything was wrong; `faults` then says what.
    /// - Parameter isNew: whether `identifier` and `settings.signatureSecret` can be given.
    init?(_ body: JSONValue, isNew: Bool, faults: Faults) {
        let ignored = isNew ? [] : Self.readOnlyMembers.union(["identifier"])
        let known: Set<String> = isNew ? ["identifier", "name", "settings"] : ["name", "settings"]
        guard let reader = MemberReader(body, known: known, ignored: ignored, faults: faults) else { return nil }
        identifier = isNew ? Self.readIdentifier(reader) : nil
        name = reader.string("name", length: 1...200, isRequired: true) ?? ""
        var draft = TenantSettings()
        var secret: String?
        if let value = reader.value("settings"),
            let settings = MemberReader(
                value, at: "settings", known: Self.settingsMembers.union(isNew ? ["signatureSecret"] : []),
                faults: faults)
        {
            draft = Self.readSettings(settings)
            secret = Self.signatureSecret(settings)
        }
        settings = draft
        signatureSecret = secret
        if !faults.isEmpty { return nil }
    }

    /// 16–256 characters, used as their UTF-8 bytes.
    static func signatureSecret(_ reader: MemberReader) -> String? {
        reader.string("signatureSecret", length: 16...256)
    }

    private static func readIdentifier(_ reader: MemberReader) -> String? {
        guard let text = reader.string("identifier", length: 1...63, isRequired: true) else { return nil }
        if Tenant.isValidIdentifier(text) { return text }
        reader.faults.add("identifier", .invalid, "Small letters, digits and hyphens, the first no hyphen.")
        return nil
    }

    private static func readSettings(_ reader: MemberReader) -> TenantSettings {
        var settings = TenantSettings()
        settings.defaultDialect = reader.choice("defaultDialect")
        settings.allowHTTP = reader.bool("allowHTTP")
        settings.eventCatalogue = reader.choice("eventCatalogue")
        settings.maxWebhooks = reader.integer("maxWebhooks", in: 0...1_000_000)
        settings.autoDisableAfterDays = reader.integer("autoDisableAfterDays", in: 0...365)
        if let value = reader.value("rateLimits"),
            let limits = MemberReader(
                value, at: "settings.rateLimits", known: ["apiPerSecond", "eventsPerSecond"], faults: reader.faults)
        {
            settings.rateLimits = TenantSettings.RateLimits(
                apiPerSecond: limits.integer("apiPerSecond", in: 1...1_000_000),
                eventsPerSecond: limits.integer("eventsPerSecond", in: 1...1_000_000))
        }
        return settings
    }
}
