import Webhooks

/// Where the next page of a list begins: after one id, under the filters of the page that handed it out.
struct Cursor: Hashable {
    /// The last id that was shown; the next page is strictly below it.
    let last: ULID

    init(last: ULID) { self.last = last }

    /// - Parameter scope: the list and its filters, as one text. Limits are no part of it.
    /// - Returns: nil where `text` was not handed out for this scope.
    init?(_ text: String, scope: String) {
        guard text.utf8.count == 52, text.utf8.dropFirst(26).elementsEqual(Self.tag(of: scope).utf8),
            let last = ULID(String(decoding: text.utf8.prefix(26), as: UTF8.self))
        else { return nil }
        self.last = last
    }

    func text(scope: String) -> String { last.description + Self.tag(of: scope) }

    /// Tells lists apart and protects nothing: whatever a forged cursor names, a page holds only rows of the caller's
    /// tenant.
    private static func tag(of scope: String) -> String { ULID(Fingerprint(of: [scope.utf8]).value).description }
}
