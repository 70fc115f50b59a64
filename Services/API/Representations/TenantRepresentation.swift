import JSON
import Webhooks

/// A tenant as `/admin/tenants` shows it: defaults filled in, no secret but in the answer that made it.
struct TenantRepresentation {
    let tenant: Tenant
    /// In the answer that made the tenant only.
    var signatureSecret: String?

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", tenant.id.description)
            writer.member("identifier", tenant.identifier)
            writer.member("name", tenant.name)
            writer.name("settings")
            SettingsWriter(tenant.settings).write(to: &writer, withDefaults: true, signatureSecret: signatureSecret)
            writer.member("createdAt", tenant.createdAt)
            writer.member("updatedAt", tenant.updatedAt)
        }
    }
}

/// Writes a tenant's settings.
struct SettingsWriter {
    let settings: TenantSettings

    init(_ settings: TenantSettings) { self.settings = settings }

    /// What a merge patch is laid over: settings that were never made are left out.
    var stored: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer, withDefaults: false, signatureSecret: nil)
        return writer.bytes
    }

    /// `allowHTTP` has no one default: it is shown as null until it is set.
    func write(to writer: inout JSONWriter, withDefaults: Bool, signatureSecret: String?) {
        func optional<Value>(_ name: String, _ value: Value?, _ write: (inout JSONWriter, Value) -> Void) {
            if value != nil || withDefaults { writer.optional(name, value, write: write) }
        }
        writer.beginObject()
        optional("defaultDialect", withDefaults ? settings.dialect : settings.defaultDialect) {
            $0.string($1.rawValue)
        }
        optional("allowHTTP", settings.allowHTTP) { $0.bool($1) }
        optional("eventCatalogue", settings.eventCatalogue ?? (withDefaults ? .closed : nil)) { $0.string($1.rawValue) }
        if let signatureSecret { writer.member("signatureSecret", signatureSecret) }
        optional("rateLimits", settings.rateLimits) { writer, limits in
            writer.object { writer in
                writer.optional("apiPerSecond", limits.apiPerSecond) { $0.integer($1) }
                writer.optional("eventsPerSecond", limits.eventsPerSecond) { $0.integer($1) }
            }
        }
        optional("maxWebhooks", settings.maxWebhooks) { $0.integer($1) }
        optional("autoDisableAfterDays", settings.autoDisableAfterDays ?? (withDefaults ? 5 : nil)) { $0.integer($1) }
        writer.endObject()
    }
}
