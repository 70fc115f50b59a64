import Hosting
import Hummingbird
import JSON
import Webhooks

/// What every list is asked: how many, from where, made and changed when.
struct Page<Subject: Identified> {
    let limit: Int
    /// Only ids below it; nil: from the newest.
    let before: Identifier<Subject>?
    let created: ClosedRange<Instant>?
    let updated: ClosedRange<Instant>?
    private let scope: String

    /// - Parameters:
    ///   - list: the name and place of the list, tenant included: a cursor of another list is foreign.
    ///   - filters: the query parameters that its cursors are bound to, beside those of time.
    ///   - changes: whether its rows change, so that `updated_at_min` and `…_max` are known.
    /// - Throws: 400.
    init(_ query: QueryParameters, list: String, filters: [String] = [], changes: Bool = false) throws(Problem) {
        limit = try query.integer("limit", in: 1...100, default: 30)
        created = try query.instants("created_at")
        updated = changes ? try query.instants("updated_at") : nil
        let names =
            filters + ["created_at_min", "created_at_max"] + (changes ? ["updated_at_min", "updated_at_max"] : [])
        scope = names.reduce(list) { "\($0)\u{1F}\(query.text($1) ?? "")" }
        guard let text = query.given("cursor") else {
            before = nil
            return
        }
        guard let cursor = Cursor(text, scope: scope) else {
            throw .badRequest("The cursor is none of this list and these filters.", code: "foreign_cursor")
        }
        before = Identifier(cursor.last)
    }

    /// One more than is shown tells whether there is a next page.
    var fetchLimit: Int { limit + 1 }

    /// `{"data":[…],"nextCursor":…}` of at most ``fetchLimit`` rows.
    /// - Parameter end: where the search has stopped looking; nil: it has looked at all.
    func response<Row>(
        _ rows: [Row], id: (Row) -> Identifier<Subject>, continuingAt end: Identifier<Subject>? = nil,
        write: (inout JSONWriter, Row) -> Void
    ) -> Response {
        let shown = rows.prefix(limit)
        let last = rows.count > limit ? shown.last.map(id) : end
        return .page(shown, nextCursor: last.map { Cursor(last: $0.ulid).text(scope: scope) }, write: write)
    }
}

extension Response {
    /// `{"data":[…],"nextCursor":…}`.
    static func page<Row>(
        _ rows: some Sequence<Row>, nextCursor: String?, write: (inout JSONWriter, Row) -> Void
    ) -> Response {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("data")
            writer.array { writer in for row in rows { write(&writer, row) } }
            writer.member("nextCursor", nextCursor)
        }
        return .json(writer.bytes)
    }
}
