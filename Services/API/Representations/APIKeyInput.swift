import JSON
import Tenancy
import Webhooks

/// What a request body says about a new API key, checked whole.
struct APIKeyInput {
    let name: String
    let permissions: Set<Permission>
    let expiresAt: Instant?

    /// Nil where anything was wrong; `faults` then says what.
    /// - Parameter latest: a key that asks for another cannot outlive itself in it.
    init?(_ body: JSONValue, now: Instant, latest: Instant, faults: Faults) {
        guard let reader = MemberReader(body, known: ["name", "permissions", "expiresAt"], faults: faults) else {
            return nil
        }
        name = reader.string("name", length: 1...200, isRequired: true) ?? ""
        let named = reader.elements("permissions", count: 1...32, isRequired: true) ?? []
        permissions = Set(named.compactMap { reader.choice($0.1, at: $0.field) as KeyPermission? }.map(\.permission))
        expiresAt = Self.expiry(reader, now: now, latest: latest)
        guard faults.isEmpty else { return nil }
    }

    private static func expiry(_ reader: MemberReader, now: Instant, latest: Instant) -> Instant? {
        let text = reader.string("expiresAt", length: 1...64)
        if let text, Instant(rfc3339: text) == nil {
            reader.faults.add(
                "expiresAt", .invalid, "A time as 2025-10-07T11:48:45.000Z is needed (RFC 3339, with its zone).")
        }
        let instant = text.flatMap(Instant.init(rfc3339:))
        if let instant, instant <= now {
            reader.faults.add("expiresAt", .outOfRange, "`expiresAt` lies in the past.")
        } else if (instant ?? .distantFuture) > latest {
            reader.faults.add("expiresAt", .outOfRange, "A key cannot ask for one that expires after itself.")
        }
        return instant
    }
}

/// A permission that an API key may have, by its name.
struct KeyPermission: RawRepresentable, CaseIterable {
    static let allCases = Permission.allCases.filter(Permission.ofKeys.contains).map { KeyPermission(permission: $0) }

    let permission: Permission

    init(permission: Permission) { self.permission = permission }

    init?(rawValue: String) {
        guard let permission = Permission(rawValue: rawValue), Permission.ofKeys.contains(permission) else {
            return nil
        }
        self.permission = permission
    }

    var rawValue: String { permission.rawValue }
}
