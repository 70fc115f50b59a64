import Testing

@testable import PayloadQueries

/// What is refused, with line and column.
@Suite struct CheckTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let query: String
        /// Places and words of the messages, in the order of the text.
        let findings: [(place: String, words: String)]
        var testDescription: String { query }

        init(_ query: String, _ findings: (String, String)...) {
            self.query = query
            self.findings = findings
        }
    }

    static let roots: Set = ["order", "item", "topicMap", "priceList"]

    private static func nested(_ levels: Int) -> String {
        "{order" + String(repeating: "{a", count: levels - 1) + String(repeating: "}", count: levels)
    }

    private static func wide(_ fields: Int) -> String {
        "{order{" + (1..<fields).map { "f\($0)" }.joined(separator: " ") + "}}"
    }

    /// Each fragment spreads the next one twice.
    private static func bomb(_ count: Int) -> String {
        (0..<count).reduce("{order{...F0}}") { $0 + "fragment F\($1) on A{...F\($1 + 1) ...F\($1 + 1)}" }
            + "fragment F\(count) on A{a}"
    }

    /// Nothing in it is a field, so counting fields never ends it.
    @Test("Spreads that double and lead nowhere are refused at once")
    func bombWithoutEnd() {
        let bomb = (0..<60).reduce("{...F0}") { $0 + "fragment F\($1) on A{...F\($1 + 1) ...F\($1 + 1)}" }
        #expect(throws: (any Error).self) { try PayloadQuery(bomb, roots: Self.roots) }
    }

    @Test(
        "Findings",
        arguments: [
            Case("query ($id: ID!) { order { get(id: $id) { id total { gross } } } }"),
            Case("{order{get}}"), Case("{order}"), Case("\u{FEFF}query A,{item{get(id:1,language:\"en\")}}"),
            Case("{ a: order { get(id: 1) } b: order { get(id: 2) } topicMap { x } priceList { x } }"),
            // one query
            Case("mutation { order { get } }", ("1:1", "mutation")),
            Case("subscription { order { get } }", ("1:1", "subscription")),
            Case("{ order { id } }\nmutation Hidden { item { delete } }", ("2:1", "mutation")),
            Case("query A { order { id } } query B { order { id } }", ("1:26", "one query")),
            Case(
                "mutation { ...F }\nfragment F on Mutation { order { create } }\nquery { order { id } }",
                ("1:1", "mutation"), ("3:1", "one query")),
            Case("fragment F on A { a }", ("1:1", "no query"), ("1:1", "not used")),
            // grammar
            Case("", ("1:1", "the end")), Case("{", ("1:2", "the end")), Case("{}", ("1:2", "`}`")),
            Case("{ order { id }", ("1:15", "the end")), Case("{ order }}", ("1:10", "`}`")),
            Case("type A { a: Int }", ("1:1", "`type`")), Case("{\r\n\torder(\r)}", ("3:1", "`)`")),
            Case("{ order { get(id: \"68e4) } }", ("1:19", "string")), Case("{ é }", ("1:3", "U+00E9")),
            Case("# Bård\n\"\"\"é\"\"\" { order }", ("2:9", "`{`")), Case("{ \"é\u{1F600}\" }", ("1:3", "a string")),
            Case("{ order(a: 01) }", ("1:13", "number")), Case("{ order(a: \"\\ud800\") }", ("1:13", "escape")),
            Case("query ($a: Int = $b) { order }", ("1:18", "without variables")),
            Case("fragment on on A { a }", ("1:10", "`on`")),
            // roots
            Case("{ orders { get } }", ("1:3", "`orders`, only `item`, `order`, `priceList`, `topicMap`")),
            Case("{ order { id } ... on Query { user { id } } }", ("1:31", "`user`")),
            Case("{ __typename __schema { types } }", ("1:3", "__typename"), ("1:14", "__schema")),
            Case("{ ...F } fragment F on Query { nothing }", ("1:32", "`nothing`")),
            // fragments
            Case("{ order { ...F } }", ("1:11", "no fragment `F`")),
            Case("{ order } fragment F on A { a }", ("1:11", "not used")),
            Case("{ order { ...F } } fragment F on A { ...F }", ("1:20", "contains itself")),
            Case(
                "{order{...F}} fragment F on A{b{...G}} fragment G on A{...F}",
                ("1:15", "contains itself"), ("1:40", "contains itself")),
            Case("{order{...F}} fragment F on A{a} fragment F on A{a}", ("1:34", "two fragments")),
            // variables
            Case("query ($id: ID!) { order }", ("1:8", "not used")),
            Case("{ order { get(id: $id) } }", ("1:19", "not declared")),
            Case("query ($a: A, $a: A) { order { get(id: $a) } }", ("1:15", "declared twice")),
            Case("query ($a: Int! = null) { order { get(id: $a) } }", ("1:19", "no Int!")),
            Case("query ($a: [Int] = [1, \"x\"]) { order { get(id: $a) } }", ("1:20", "no [Int]")),
            Case("query ($a: Made = {up: [1]}) { order { get(id: $a) } }"),
            // arguments and conditions
            Case("{ order { get(id: 1, id: 2) } }", ("1:22", "twice")),
            Case("{ order { get(id: {a: 1, a: 2}) } }", ("1:26", "twice")),
            Case("{ order { a(first: -1) b(first: \"1\") c(first: 1) } }", ("1:20", "whole"), ("1:33", "whole")),
            Case("{ order { a @include } }", ("1:13", "needs")),
            Case("{ order { a @skip(if: 1) } }", ("1:13", "needs")),
            Case("query ($b: Boolean) { order { a @skip(if: $b) } }", ("1:33", "needs")),
            Case("query ($b: Boolean = true) { order { a @skip(if: $b) } }"),
            Case("query @include(if: true) { order }", ("1:7", "can stand")),
            Case("{ order @defer { a } }", ("1:9", "no directive `@defer`")),
            Case("{ order @skip(if: true) @skip(if: true) }", ("1:25", "twice")),
            // merging
            Case("{ order { a: x a: y } }", ("1:16", "another field")),
            Case("{ order { get(id: 1) { a } get(id: 2) { a } } }", ("1:28", "other arguments")),
            Case(
                "{ order { get(id: 1) { a: x } } order { ...F } } fragment F on A { get(id: 1) { a: y } }",
                ("1:81", "`a`")),
            Case("{ order { get(id: 1) { a } get(id: 1) { a b } } }"),
            // limits
            Case(nested(16)), Case(nested(17), ("1:38", "16 levels")),
            Case(
                "{order{a{b{c{d{e{f{g{h{...F}}}}}}}}}} fragment F on A{a{b{c{d{e{f{g{h}}}}}}}}",
                ("1:69", "16 levels")),
            Case(wide(200)), Case(wide(201), ("1:895", "200 fields")), Case(bomb(7)), Case(bomb(60), ("1:1925", "200")),
            Case("{order}" + String(repeating: "#", count: 4089)),
            Case("{order}\n" + String(repeating: "é", count: 2045), ("2:2045", "4096 bytes")),
            Case("{order(a:" + String(repeating: "[", count: 70), ("1:72", "brackets")),
            Case("query($a:" + String(repeating: "[", count: 70), ("1:73", "brackets")),
            Case(String(repeating: "{...", count: 1000), ("1:257", "brackets")),
        ])
    func findings(case one: Case) {
        var found: [QueryFinding] = []
        do { _ = try PayloadQuery(one.query, roots: Self.roots) } catch { found = error.list }
        #expect(found.map { "\($0.line):\($0.column)" } == one.findings.map(\.place), "\(found)")
        for (finding, expected) in zip(found, one.findings) {
            #expect(finding.message.contains(expected.words), "\(finding)")
        }
    }

    @Test func manyFindingsAreCut() throws {
        let query = "{ " + (0..<30).map { "wrong\($0) " }.joined() + "}"
        let findings = #expect(throws: QueryFindings.self) { try PayloadQuery(query, roots: Self.roots) }
        #expect(findings?.list.count == QueryFindings.most)
        #expect(
            findings?.list.first?.description.hasPrefix("Line 1, column 3: There is no root field `wrong0`") == true)
    }

    @Test func anyRootWhereNoneAreNamed() throws { _ = try PayloadQuery("{ giftCard { get(id: 1) } }") }
}
