/// Takes a text apart into the tokens of GraphQL's grammar, one at a time.
struct QueryLexer {
    struct Token {
        enum Kind: Equatable {
            /// One of `! $ & ( ) : = @ [ ] { | }`.
            case punctuator(UInt8)
            /// `...`.
            case spread
            case name(String)
            /// As it is written.
            case int(String), float(String)
            /// Decoded.
            case string(String)
            case end
        }

        let kind: Kind
        let offset: Int
    }

    /// UTF-8.
    let text: [UInt8]
    var position = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The byte at `index`; nil after the end.
    func byte(_ index: Int) -> UInt8? { index < text.count ? text[index] : nil }

    mutating func next() throws(QueryFault) -> Token {
        skipIgnored()
        let start = position
        guard let first = byte(start) else { return Token(kind: .end, offset: start) }
        switch first {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            position += 1
            return Token(kind: .punctuator(first), offset: start)
        case UInt8(ascii: "."):
            guard byte(start + 1) == first, byte(start + 2) == first else { throw unexpectedCharacter(at: start) }
            position += 3
            return Token(kind: .spread, offset: start)
        case UInt8(ascii: "\""): return Token(kind: .string(try readString()), offset: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return Token(kind: try readNumber(), offset: start)
        case let letter where Self.startsName(letter):
            while let next = byte(position), Self.startsName(next) || Self.isDigit(next) { position += 1 }
            return Token(kind: .name(string(start..<position)), offset: start)
        default: throw unexpectedCharacter(at: start)
        }
    }

    /// Blanks, ends of lines, commas, byte order marks and comments.
    private mutating func skipIgnored() {
        while let next = byte(position) {
            switch next {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","):
                position += 1
            case 0xEF where byte(position + 1) == 0xBB && byte(position + 2) == 0xBF: position += 3
            case UInt8(ascii: "#"):
                while let inner = byte(position), !Self.endsLine(inner) { position += 1 }
            default: return
            }
        }
    }

    private mutating func readNumber() throws(QueryFault) -> Token.Kind {
        let start = position
        if byte(position) == UInt8(ascii: "-") { position += 1 }
        if byte(position) == UInt8(ascii: "0") {
            position += 1
            if let next = byte(position), Self.isDigit(next) { throw malformedNumber }
        } else {
            try skipDigits()
        }
        var isFloat = false
        if byte(position) == UInt8(ascii: ".") {
            isFloat = true
            position += 1
            try skipDigits()
        }
        if let letter = byte(position), letter | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            position += 1
            if let sign = byte(position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
        if let next = byte(position), next == UInt8(ascii: ".") || Self.startsName(next) { throw malformedNumber }
        let written = string(start..<position)
        return isFloat ? .float(written) : .int(written)
    }

    private mutating func skipDigits() throws(QueryFault) {
        let start = position
        while let next = byte(position), Self.isDigit(next) { position += 1 }
        if position == start { throw malformedNumber }
    }

    private var malformedNumber: QueryFault { QueryFault(offset: position, message: "A number is malformed.") }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    private func unexpectedCharacter(at offset: Int) -> QueryFault {
        let scalar = String(decoding: text[offset...].prefix(4), as: UTF8.self).unicodeScalars.first
        let number = String(scalar?.value ?? 0, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
        return QueryFault(offset: offset, message: "The character \(name) cannot stand here.")
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func startsName(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    static func endsLine(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}
