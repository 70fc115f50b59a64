import JSON
import Webhooks

/// What a request body says about the rotation of a webhook's secret, checked whole.
struct RotationInput {
    static let longestOverlap = 30 * 86400

    /// Nil: one is generated.
    var secret: String?
    /// How long the secret before signs beside the new one.
    var overlap: Duration = .seconds(86400)

    /// What no body says.
    init() {}

    /// Nil where anything was wrong; `faults` then says what.
    init?(_ body: JSONValue, dialect: Dialect, current: String?, faults: Faults) {
        guard let reader = MemberReader(body, known: ["secret", "overlapSeconds"], faults: faults) else { return nil }
        secret = SecretInput(reader, dialect: dialect, stored: nil).text
        if let secret, secret == current {
            faults.add("secret", .conflict, "This is the current secret already.")
        }
        overlap = .seconds(reader.integer("overlapSeconds", in: 0...Self.longestOverlap) ?? 86400)
        if !faults.isEmpty { return nil }
    }
}
