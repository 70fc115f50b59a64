import JSON
import Webhooks

/// An API key as answers show it; the key itself once.
struct APIKeyRepresentation {
    let key: APIKey
    var text: String?

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", key.id.description)
            writer.member("name", key.name)
            writer.name("permissions")
            writer.array { writer in for name in key.permissions { writer.string(name) } }
            if let text { writer.member("key", text) }
            writer.member("hint", key.hint)
            writer.member("createdAt", key.createdAt)
            writer.member("createdBy", key.createdBy)
            writer.member("expiresAt", key.expiresAt)
            writer.member("lastUsedAt", key.lastUsedAt)
        }
    }
}
