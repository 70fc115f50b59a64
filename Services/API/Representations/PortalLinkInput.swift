import JSON
import Tenancy
import Webhooks

/// What a request body says about a link to the portal, checked whole.
struct PortalLinkInput {
    /// How long the link, and the session that it opens, may last.
    static let lifetimes = 1...86_400

    let lifetime: Duration
    /// Nil: those of whoever asks.
    let permissions: Set<Permission>?

    /// What is asked for where nothing is said.
    init() {
        lifetime = .seconds(600)
        permissions = nil
    }

    /// Nil where anything was wrong; `faults` then says what.
    init?(_ body: JSONValue, faults: Faults) {
        guard let reader = MemberReader(body, known: ["expiresInSeconds", "permissions"], faults: faults) else {
            return nil
        }
        lifetime = .seconds(reader.integer("expiresInSeconds", in: Self.lifetimes) ?? 600)
        let named = reader.elements("permissions", count: 1...32)
        permissions = named.map { named in
            Set(named.compactMap { reader.choice($0.1, at: $0.field) as KeyPermission? }.map(\.permission))
        }
        guard faults.isEmpty else { return nil }
    }
}
