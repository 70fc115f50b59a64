import Hosting
import Tenancy

/// The settings of the canary.
///
/// - `MARTLET_CANARY` (`true`|`false`; `false`): whether events of its own are sent through the whole stack. With it,
///   required:
/// - `MARTLET_CANARY_API_URL`, `MARTLET_CANARY_INGEST_URL` (URLs): where it makes its tenant and posts its events.
/// - `MARTLET_CANARY_RECEIVER_URL` (URL): where the delivery workers reach this very service; they must be allowed to
///   call it.
/// - `MARTLET_JWT_SECRET` (text): signs its tokens.
struct CanaryConfiguration: Sendable {
    let apiURL: String
    let ingestURL: String
    let receiverURL: String
    let tokens: TokenIssuer

    /// Nil where it is switched off.
    init?(_ settings: Settings) throws {
        guard try settings.bool("canary", default: false) else { return nil }
        func url(_ key: String) throws -> String {
            try settings.required(key, expected: "a URL without a path") { text in
                guard text.hasPrefix("http://") || text.hasPrefix("https://") else { return nil }
                return text.hasSuffix("/") ? String(text.dropLast()) : text
            }
        }
        apiURL = try url("canary.api.url")
        ingestURL = try url("canary.ingest.url")
        receiverURL = try url("canary.receiver.url")
        tokens = TokenIssuer(
            secret: try settings.required("jwt.secret", expected: "a text"), issuer: settings.string("jwt.issuer"),
            audience: settings.string("jwt.audience"))
    }
}
