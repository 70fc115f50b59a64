import JSON
import Testing

/// What the parser takes and what it refuses, and where.
@Suite struct DocumentTests {
    @Test(
        "RFC 8259 takes it",
        arguments: [
            "null", "true", "false", "0", "-0", "10", "-1.5", "1e5", "1E+5", "1.25e-7",
            "123456789012345678901234567890",
            "\"\"", "\"a\"", #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#, #""\ud800""#, #""\u0000""#, "\"\u{7F}å€😀\"",
            "[]",
            "{}", "[1,2,[3,{}]]", #"{"a":1,"a":2,"":null}"#, " \t\r\n[ 1 , 2 ]\n", #"{ "a" : { "b" : [ ] } }"#,
            "\"\u{2028}\u{FFFF}\u{10FFFF}\"",
        ])
    func accepted(text: String) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        #expect(document.bytes == Array(text.utf8))
        let isBlank: (UInt8) -> Bool = { " \t\r\n".utf8.contains($0) }
        let value = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        #expect(Array(document.root.rawBytes) == Array(value))
    }

    @Test(
        "What is wrong, and at which byte",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("[1,", .unexpectedEnd, 3), ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4),
            (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1"#, .unexpectedEnd, 6), (#"{"a":1,"#, .unexpectedEnd, 7),
            ("\"ab", .unexpectedEnd, 3), ("\"ab\\", .unexpectedEnd, 4), ("\"\\u12", .unexpectedEnd, 5),
            ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2),
            ("[1,]", .unexpectedByte(UInt8(ascii: "]")), 3), ("[,1]", .unexpectedByte(UInt8(ascii: ",")), 1),
            ("[1 2]", .unexpectedByte(UInt8(ascii: "2")), 3), ("[1}", .unexpectedByte(UInt8(ascii: "}")), 2),
            (#"{"a":1]"#, .unexpectedByte(UInt8(ascii: "]")), 6), ("{a:1}", .unexpectedByte(UInt8(ascii: "a")), 1),
            ("{1:1}", .unexpectedByte(UInt8(ascii: "1")), 1), (#"{"a" 1}"#, .unexpectedByte(UInt8(ascii: "1")), 5),
            (#"{"a":1,}"#, .unexpectedByte(UInt8(ascii: "}")), 7), ("nul1", .unexpectedByte(UInt8(ascii: "1")), 3),
            ("+1", .unexpectedByte(UInt8(ascii: "+")), 0), (".5", .unexpectedByte(UInt8(ascii: ".")), 0),
            ("'a'", .unexpectedByte(UInt8(ascii: "'")), 0), ("NaN", .unexpectedByte(UInt8(ascii: "N")), 0),
            ("\u{FEFF}1", .unexpectedByte(0xEF), 0), ("/**/1", .unexpectedByte(UInt8(ascii: "/")), 0),
            ("\u{0C}1", .unexpectedByte(0x0C), 0), ("\u{A0}1", .unexpectedByte(0xC2), 0),
            ("01", .malformedNumber, 1), ("-01", .malformedNumber, 2), ("1.e1", .malformedNumber, 2),
            ("-a", .malformedNumber, 1), ("1ea", .malformedNumber, 2), ("[1.]", .malformedNumber, 3),
            ("1 2", .trailingBytes, 2), ("{}x", .trailingBytes, 2), ("1.5.2", .trailingBytes, 3),
            ("[]]", .trailingBytes, 2),
            (#""\x41""#, .malformedEscape, 1), (#""ab\u12G4""#, .malformedEscape, 3),
            (#""\U0041""#, .malformedEscape, 1),
            ("\"a\nb\"", .controlCharacter(0x0A), 2), ("\"\u{0}\"", .controlCharacter(0), 1),
        ] as [(String, JSONError.Reason, Int)])
    func refused(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(offset: offset, reason: reason)) { try JSONDocument(parsing: Array(text.utf8)) }
    }

    @Test(
        "Bytes that are no UTF-8",
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
            [0xC3, 0x28], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x28, 0x8C, 0xBC], [0xF0, 0x9F, 0x98, 0xC0],
        ] as [[UInt8]])
    func malformedUTF8(character: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let expected = JSONError(offset: 2, reason: .malformedUTF8)
        #expect(throws: expected) { try JSONDocument(parsing: [quote, 0x61] + character + [quote]) }
        #expect(throws: expected) { try JSONDocument(parsing: [quote, 0x61] + character) }
    }

    @Test func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(try JSONDocument(parsing: nested(64)).root.isArray)
        #expect(throws: JSONError(offset: 64, reason: .tooDeep(limit: 64))) { try JSONDocument(parsing: nested(65)) }
        #expect(throws: JSONError(offset: 64, reason: .tooDeep(limit: 64))) {
            try JSONDocument(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))
        }
        #expect(throws: JSONError(offset: 0, reason: .tooDeep(limit: 0))) {
            try JSONDocument(parsing: nested(1), maximumDepth: 0)
        }
        #expect(try JSONDocument(parsing: nested(512), maximumDepth: .max).root.canonicalBytes == nested(512))
        #expect(throws: JSONError(offset: 512, reason: .tooDeep(limit: 512))) {
            try JSONDocument(parsing: nested(513), maximumDepth: .max)
        }
        let siblings = Array("[[[]],[[]],{\"a\":[]}]".utf8)
        #expect(try JSONDocument(parsing: siblings, maximumDepth: 3).root.elements.count == 3)
    }

    @Test func slicesCountFromTheirOwnStart() {
        let text = Array("xx[1,]".utf8)
        let expected = JSONError(offset: 3, reason: .unexpectedByte(UInt8(ascii: "]")))
        #expect(throws: expected) { try JSONDocument(parsing: text[2...]) }
    }

    @Test func errorsExplainThemselves() {
        #expect(JSONError(offset: 7, reason: .unexpectedByte(0x7D)).description == "unexpected '}' at byte 7")
        #expect(JSONError(offset: 0, reason: .unexpectedByte(0xEF)).description == "unexpected byte 0xEF at byte 0")
        #expect(
            JSONError(offset: 1, reason: .controlCharacter(0)).explanation
                == "unescaped control character byte 0x00 in a string")
    }
}
