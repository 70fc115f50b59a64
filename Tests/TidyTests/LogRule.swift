/// Members of log lines are a contract with whoever reads logs by program: docs/logs.md names each.
enum LogRule {
    static let page = "docs/logs.md"

    /// The first column of the page's table.
    static func documented(in page: String) -> Set<String> {
        Set(page.matches(of: #/(?m)^\| `([A-Za-z_.]+)` \|/#).map { String($0.1) })
    }

    /// What a Swift file puts into lines: names in literals of metadata, and those that are set or noted one by one.
    static func members(in text: String) -> Set<String> {
        var members: Set<String> = []
        for literal in text.matches(of: #/etadata(?:: | = |: Logger\.Metadata = )\[/#) {
            var depth = 1
            let body = text[literal.range.upperBound...].prefix { character in
                if character == "[" { depth += 1 } else if character == "]" { depth -= 1 }
                return depth > 0
            }
            members.formUnion(body.matches(of: #/"([a-z_.]+)": /#).map { String($0.1) })
        }
        members.formUnion(text.matches(of: #/etadata\["([a-z_.]+)"\] = /#).map { String($0.1) })
        members.formUnion(
            text.matches(of: #/(?:notes|RequestNotes\.current\?)\.add\("([a-z_.]+)"/#).map { String($0.1) })
        return members
    }

    static func findings(in file: SourceFile, documented: Set<String>) -> [Finding] {
        guard file.room != nil, file.isSwift else { return [] }
        return members(in: file.text).subtracting(documented).sorted().map {
            Finding(path: file.path, fault: "\(page) does not name the member `\($0)` of a log line")
        }
    }
}
