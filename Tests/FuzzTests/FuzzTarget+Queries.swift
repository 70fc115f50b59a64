import JSON
import PayloadQueries

extension FuzzTarget {
    private static let order = try? JSONDocument(
        parsing: Array(#"{"id":"1","cart":[{"sku":"a"},null,[{"sku":1}]],"total":{"gross":10.1125}}"#.utf8))

    /// GraphQL. What is taken runs too.
    static let queries: [FuzzTarget] = [
        FuzzTarget(
            name: "payload query",
            seeds: [
                "query ($id: ID!) { order { get(id: $id) { id cart(first: 2) { sku } total { gross } } } }",
                "query Q($b: Boolean = true, $l: [Int!] = [1, 2]) { a: order @skip(if: $b) { get(id: 1, l: $l) } }",
                "{ order { ...F @include(if: false) } }\r\nfragment F on A { get(id: \"\\u0031\") { ... { id } } }",
                "# said\n{ order { get(identifier: \"\"\"\n  1 \\\"\"\" \n\"\"\", o: {a: -1.5e3, b: E}) } }",
                "mutation { order { create } }", "{", "\u{FEFF}{order}",
            ],
            dictionary: [
                "{", "}", "...", "fragment F on A", "\"\"\"", "\\ud83d\\ude00", "\\u{1F600}", "@include(if:", "$id",
                "[[",
                "(first:", "query", "subscription",
            ]
        ) { input in
            let text = String(decoding: input, as: UTF8.self)
            let query: PayloadQuery
            do throws(QueryFindings) {
                query = try PayloadQuery(text)
            } catch {
                guard let first = error.list.first else { return "refused without a finding" }
                return first.line > 0 && first.column > 0 ? nil : "\(first)"
            }
            guard let plan = try? query.plan({ $0 == "id" ? .string("1") : nil }),
                let result = try? plan.result({ _ in order?.root })
            else { return nil }
            guard let read = try? JSONDocument(parsing: result) else { return "the result is no JSON" }
            return read.root.isObject && read.root.compactBytes == result ? nil : "the result is not compact"
        }
    ]
}
