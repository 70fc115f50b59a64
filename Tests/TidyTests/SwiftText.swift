/// Swift source with its comments and the insides of its string literals blanked, line by line, so that a rule about
/// code does not stumble over words. Works on bytes: what it looks for is ASCII.
struct SwiftText {
    private let source: [UInt8]
    private var at = 0
    private var code: [UInt8] = []

    static func code(of source: String) -> String {
        var text = SwiftText(source: Array(source.utf8))
        while text.at < text.source.count { text.advance() }
        return String(decoding: text.code, as: UTF8.self)
    }

    private init(source: [UInt8]) {
        self.source = source
        code.reserveCapacity(source.count)
    }

    private func sees(_ word: [UInt8]) -> Bool {
        guard at + word.count <= source.count else { return false }
        for index in word.indices where source[at + index] != word[index] { return false }
        return true
    }

    private mutating func copy() {
        code.append(source[at])
        at += 1
    }

    private mutating func blank() {
        code.append(source[at] == Self.newline ? Self.newline : Self.space)
        at += 1
    }

    private static let (newline, space, quote, pound, slash, backslash) = (
        UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "/"),
        UInt8(ascii: "\\")
    )
    private static let (line, open, close) = (Array("//".utf8), Array("/*".utf8), Array("*/".utf8))

    private mutating func advance() {
        switch source[at] {
        case Self.slash where sees(Self.line):
            while at < source.count, source[at] != Self.newline { blank() }
        case Self.slash where sees(Self.open): skipBlockComment()
        case Self.quote, Self.pound: skipLiteral()
        default: copy()
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if sees(Self.open) {
                depth += 1
                blank()
            } else if sees(Self.close) {
                depth -= 1
                blank()
            }
            if at < source.count { blank() }
        } while depth > 0 && at < source.count
    }

    /// `"…"`, `"""…"""`, and both with pounds around them.
    private mutating func skipLiteral() {
        var pounds: [UInt8] = []
        while at < source.count, source[at] == Self.pound {
            pounds.append(Self.pound)
            copy()
        }
        guard at < source.count, source[at] == Self.quote else { return }
        let isLong = sees([Self.quote, Self.quote, Self.quote])
        let quotes = Array(repeating: Self.quote, count: isLong ? 3 : 1)
        let close = quotes + pounds
        let escape = [Self.backslash] + pounds
        for _ in quotes { copy() }
        while at < source.count, !sees(close), isLong || source[at] != Self.newline {
            if sees(escape) { for _ in escape where at < source.count { blank() } }
            if at < source.count { blank() }
        }
        for _ in close where at < source.count { copy() }
    }
}
