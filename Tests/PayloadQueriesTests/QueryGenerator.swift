import JSON
import TestSupport

/// Makes queries, and resources for them. By its first letter a name's value is a scalar (`s`), anything (`j`), an
/// object (`o`), a list (`l`) or lists of lists (`m`) of objects, a scalar where an object is looked for (`c`), or
/// never there (`x`): so that a schema can be written for them.
struct QueryGenerator {
    var random: SeededRandom
    private var usedVariables: Set<String> = []
    private var usedFragments: [Int] = []
    private var fragmentCount = 0

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    static let variables = ["id": "ID!", "b": "Boolean!", "c": "Boolean = true", "n": "Int", "k": "JSON = {a: [1]}"]
    static let resources = ["order": ["1", "two", "block"], "item": ["3"], "topicMap": ["4"]]

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: list.indices, using: &random)] }

    // MARK: Queries

    /// Tokens of one query, mostly a good one.
    mutating func query() -> [String] {
        usedVariables = []
        usedFragments = []
        fragmentCount = Int.random(in: 0...3, using: &random)
        var body = selections(ofRoot: true)
        var next = 0
        while next < usedFragments.count {
            let number = usedFragments[next]
            body += ["fragment", "F\(number)", "on", "Node"] + nodes(depth: 2, above: number)
            next += 1
        }
        if chance(3) { usedVariables.insert(pick(Self.variables.keys.sorted())) }
        if chance(3), let one = usedVariables.sorted().first { usedVariables.remove(one) }
        let declared = usedVariables.sorted().flatMap { ["$\($0)", ":", Self.variables[$0] ?? ""] }
        if declared.isEmpty, chance(50) { return body }
        let head = ["query"] + (chance(30) ? ["Name"] : [])
        return head + (declared.isEmpty ? [] : ["("] + declared + [")"]) + body
    }

    private mutating func selections(ofRoot isRoot: Bool) -> [String] {
        var tokens = ["{"]
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            if chance(10) {
                tokens += ["...", "on", isRoot ? "Query" : "R"] + condition() + selections(ofRoot: isRoot)
                continue
            }
            guard isRoot else {
                tokens += get()
                continue
            }
            let name = pick(Self.resources.keys.sorted())
            tokens += alias(name) + [name] + condition() + selections(ofRoot: false)
        }
        return tokens + ["}"]
    }

    private mutating func get() -> [String] {
        let ids = ["$id", "\"two\"", "1", "\"3\"", "4", "\"none\"", "null", "\"\"\"\n  block\n \"\"\""]
        let place = Int.random(in: ids.indices, using: &random)
        let id = ids[place]
        if id == "$id" { usedVariables.insert("id") }
        var arguments = [chance(20) ? "identifier" : "id", ":", id]
        if chance(10) { arguments = ["language", ":", "\"en\""] + arguments }
        let key = chance(95) ? ["get\(place)\(arguments[0])", ":"] : alias("get")
        return key + ["get", "("] + arguments + [")"] + condition() + nodes(depth: 3, above: -1)
    }

    /// - Parameter above: fragments after this one may be spread, so that none contains itself.
    private mutating func nodes(depth: Int, above: Int) -> [String] {
        var tokens = ["{"]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            if chance(12), above + 1 < fragmentCount {
                let number = Int.random(in: above + 1..<fragmentCount, using: &random)
                if !usedFragments.contains(number) { usedFragments.append(number) }
                tokens += ["...", "F\(number)"] + condition()
            } else if chance(10), depth > 0 {
                tokens += ["..."] + (chance(50) ? ["on", "Node"] : []) + condition()
                tokens += nodes(depth: depth - 1, above: above)
            } else {
                tokens += field(depth: depth, above: above)
            }
        }
        return tokens + ["}"]
    }

    private mutating func field(depth: Int, above: Int) -> [String] {
        let leaves = ["s1", "s2", "s3", "j1", "j2", "x1"]
        let name = pick(depth > 0 ? leaves + ["o1", "o2", "l1", "l2", "m1", "c1"] : leaves)
        var tokens = alias(name) + [name]
        if "jlm".contains(name.prefix(1)), chance(30) {
            let count = pick(["0", "1", "2", "$n", "null", "7"])
            if count == "$n" { usedVariables.insert("n") }
            let key = chance(95) ? ["\(name)_\(count == "$n" ? "n" : count)", ":"] : alias(name)
            tokens = key + [name, "(", "first", ":", count] + (chance(2) ? other() : []) + [")"]
        }
        tokens += condition()
        return leaves.contains(name) ? tokens : tokens + nodes(depth: depth - 1, above: above)
    }

    /// An argument that means nothing.
    private mutating func other() -> [String] {
        let value = pick([["$k"], ["[", "1", ",", "{", "a", ":", "$k", "}", "]"], ["-1.5e3"], ["ENUM"], ["{", "}"]])
        if value.contains("$k") { usedVariables.insert("k") }
        return ["other", ":"] + value
    }

    /// Seldom one that another field may have.
    private mutating func alias(_ name: String) -> [String] {
        chance(20) ? [chance(3) ? pick(["p", "q", "s1"]) : pick(["A", "B", "C"]) + name, ":"] : []
    }

    private mutating func condition() -> [String] {
        guard chance(12) else { return [] }
        let value = pick(["true", "false", "$b", "$c"])
        if value.hasPrefix("$") { usedVariables.insert(String(value.dropFirst())) }
        return ["@" + pick(["include", "skip"]), "(", "if", ":", value, ")"]
    }

    /// Tokens with something between them.
    mutating func text(_ tokens: [String]) -> String {
        var text = chance(5) ? "\u{FEFF}" : ""
        for token in tokens { text += token + pick([" ", " ", " ", ",", "\n", "\t", "\r\n", " # said { \"\n"]) }
        return text
    }

    // MARK: Damage

    private static let oddities = [
        "{", "}", "(", ")", "[", "]", ":", "$", "@", "!", "=", "...", "..", "|", "&", "on", "fragment", "query",
        "mutation", "subscription", "type", "null", "true", "$b", "$zz", "F0", "F9", "@include", "@other", "s1", "p:",
        "first:", "0", "-0", "01", "1.", ".5", "1e5", "1E+", "0x1", "1a", "-", "\"\"", "\"\\u00e9\"", "\"a\\n\\\"\"",
        "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u{1F600}\"", "\"\\u{110000}\"", "\"\\u{}\"",
        "\"\\x\"", "\"open", "\"\"\"open", "\"\"\"\n    one\n\n      two \\\"\"\" é\n  \n\"\"\"",
        "\"\"\" a\r b\n\tc\"\"\"",
        "\"\"\"\"\"\"", "\"Bård\"", "é", "\u{7}", "\u{1F600}", "\u{FEFF}", "#", "\"a\"\"b\"", "{a:1 a:2}", "[[Int!]!]",
        "(if: true)", "(if: $b)", "(if: $n)", "(if: 1)", "@skip(if: true) @skip(if: true)", "fragment on on X { a }",
        "fragment G on X { ...G }", "query B { s1 }", "{ ...F0 }", "fragment F0 on X { s1 }", "$b: Boolean",
    ]

    /// The same tokens with something added, taken, doubled or exchanged.
    mutating func damaged(_ tokens: [String]) -> [String] {
        var tokens = tokens
        for _ in 0..<Int.random(in: 1...3, using: &random) where !tokens.isEmpty {
            let place = Int.random(in: tokens.indices, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: tokens.remove(at: place)
            case 1: tokens.insert(tokens[place], at: place)
            case 2: tokens.swapAt(place, Int.random(in: tokens.indices, using: &random))
            case 3: tokens[place] = pick(Self.oddities)
            default: tokens.insert(pick(Self.oddities), at: place)
            }
        }
        return tokens
    }

    // MARK: Data

    /// Compact JSON text of a resource.
    mutating func resource(depth: Int = 3) -> String {
        var members: [String] = []
        for name in ["s1", "j1", "o1", "l1", "c1", "s2", "j2", "o2", "l2", "m1"] where chance(80) {
            members.append("\"\(name)\":\(value(of: name, depth: depth))")
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private mutating func value(of name: String, depth: Int) -> String {
        if chance(10) { return "null" }
        switch name.prefix(1) {
        case "s", "c": return scalar()
        case "j":
            return pick([scalar(), "[\(scalar()),\(scalar()),\(scalar())]", "{\"a\":\(scalar())}", "[]", "{}"])
        case "l": return list { $0.node(depth: depth - 1) }
        case "m": return list { generator in generator.list { $0.node(depth: depth - 1) } }
        default: return node(depth: depth - 1)
        }
    }

    private mutating func list(_ element: (inout QueryGenerator) -> String) -> String {
        "[" + (0..<Int.random(in: 0...3, using: &random)).map { _ in element(&self) }.joined(separator: ",") + "]"
    }

    private mutating func node(depth: Int) -> String { depth > 0 && chance(85) ? resource(depth: depth) : scalar() }

    private mutating func scalar() -> String {
        let numbers = ["10.1125", "35", "-0", "1e3", "4.50"]
        return pick(numbers + ["null", "true", "\"Bård\"", "\"4958411\"", "\"a \\\"b\\\"\"", "\"\""])
    }
}
