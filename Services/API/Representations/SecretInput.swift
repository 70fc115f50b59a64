import Dressing
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
            } else if dialect.terms.takes(secret: text) {
                self = .given(text)
            } else {
                let plain = dialect.terms.plainSecrets.map {
                    ", or \($0.lowerBound) to \($0.upperBound) visible ASCII characters"
                }
                faults.add("secret", .invalid, "`whsec_` and the base64 of 24 to 64 bytes\(plain ?? "").")
            }
        } else if let stored, !dialect.terms.takes(secret: stored) {
            faults.add("secret", .conflict, "The stored secret does not suit this dialect: give a new one.")
        }
    }
}
