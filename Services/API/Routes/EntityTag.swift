import Hosting
import Hummingbird
import Webhooks

/// The `ETag` of a webhook: when somebody last changed it, quoted (RFC 9110 § 8.8.3).
///
/// Not its version, which a change of its tenant raises too: nobody's edit is refused for that.
enum EntityTag {
    static func text(_ webhook: Webhook) -> String { "\"\(String(webhook.updatedAt.microseconds, radix: 36))\"" }

    static let hasChanged = Problem(
        .preconditionFailed, code: "precondition_failed",
        detail: "The webhook has changed: its ETag is no longer the one of If-Match.")

    /// - Throws: 412 where the request has an `If-Match` that names neither this version nor `*`.
    static func check(_ request: Request, _ webhook: Webhook) throws(Problem) {
        guard let header = request.headers[.ifMatch] else { return }
        let tags = header.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
        // A weak tag never matches: strong comparison.
        guard tags.contains("*") || tags.contains(text(webhook)) else {
            throw hasChanged
        }
    }
}
