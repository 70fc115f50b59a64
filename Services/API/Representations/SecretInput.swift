import JSON
import Webhooks

/// The secrets that a webhook already has, opened.
struct StoredSecrets {
    var signing: String?
    let authentication: WebhookAuthentication?
    /// Of `v1a`.
    let keyPair: StandardWebhooksKeyPair?
}

/// What a request body says about the signing secret.
enum SecretInput: Hashable {
    /// Nothing, or what an answer shows in its place: the stored one stays; a new webhook gets a generated one.
    case unsaid
    case given(String)

    /// Nil where none was given.
    var text: String? { if case .given(let text) = self { text } else { nil } }

    /// - Parameter stored: of the webhook that is changed; it must still suit the dialect.
    init(_ reader: MemberReader, dialect: Dialect, stored: String?) {
        self = .unsaid
        let faults = reader.faults
        if let value = reader.value("secret") {
            guard let text = value.string else {
                faults.add("secret", .wrongType, "A string is needed, not \(value.kindName).")
                return
            }
            if Mask.isMasked(text) {
                if stored.map(Mask.hint) == text { return }
                faults.add("secret", .masked, "A masked secret can only stand for the stored one.")
            } else if Self.isAcceptable(text, dialect: dialect) {
                self = .given(text)
            } else {
                let alternative = dialect == .shopery ? ", or 16 to 256 visible ASCII characters" : ""
                faults.add("secret", .invalid, "`whsec_` and the base64 of 24 to 64 bytes\(alternative).")
            }
        } else if let stored, !Self.isAcceptable(stored, dialect: dialect) {
            faults.add("secret", .conflict, "The stored secret does not suit this dialect: give a new one.")
        }
    }

    /// `whsec_` + base64 of 24–64 bytes; for `shopery` also any 16–256 visible ASCII characters.
    static func isAcceptable(_ text: String, dialect: Dialect) -> Bool {
        if StandardWebhooksSecret(text) != nil { return true }
        return dialect == .shopery && (16...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
