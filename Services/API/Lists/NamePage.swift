import Hosting
import Hummingbird
import JSON
import Webhooks

/// As ``Page``, of a list that goes by names, in their order: it has few rows and all of them are at hand.
struct NamePage {
    private let limit: Int
    /// Only names after it.
    private let after: String?
    private let scope: String
    let created: ClosedRange<Instant>?

    /// - Throws: 400.
    init(_ query: QueryParameters, list: String, filters: [String]) throws(Problem) {
        limit = try query.integer("limit", in: 1...100, default: 30)
        created = try query.instants("created_at")
        scope = (filters + ["created_at_min", "created_at_max"]).reduce(list) {
            "\($0)\u{1F}\(query.text($1) ?? "")"
        }
        guard let text = query.given("cursor") else {
            after = nil
            return
        }
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, parts[0] == Self.tag(of: scope), EventType.isValidName(String(parts[1])) else {
            throw .badRequest("The cursor is none of this list and these filters.", code: "foreign_cursor")
        }
        after = String(parts[1])
    }

    func includes(_ name: String, createdAt: Instant?) -> Bool {
        if let after, name <= after { return false }
        guard let created else { return true }
        return createdAt.map(created.contains) ?? false
    }

    /// - Parameter rows: all that are included, in order.
    func response<Row>(
        _ rows: [Row], name: (Row) -> String, write: (inout JSONWriter, Row) -> Void
    ) -> Response {
        let shown = rows.prefix(limit)
        let last = rows.count > limit ? shown.last : nil
        return .page(shown, nextCursor: last.map { "\(Self.tag(of: scope)).\(name($0))" }, write: write)
    }

    private static func tag(of scope: String) -> String { ULID(Fingerprint(of: [scope.utf8]).value).description }
}
