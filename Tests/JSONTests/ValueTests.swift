import JSON
import Testing

/// What a value tells about itself.
@Suite struct ValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONDocument(parsing: Array(text.utf8)).root }

    @Test func kinds() throws {
        let value = try parse(#"[{}, [], "", 0, true, false, null]"#)
        #expect(value.elements.map(\.kind) == [.object, .array, .string, .number, .bool, .bool, .null])
        #expect(value.elements.map(\.bool) == [nil, nil, nil, nil, true, false, nil])
        #expect(value.elements.map(\.isNull).filter { $0 }.count == 1)
        #expect(value.elements.allSatisfy { ($0.string == nil) == ($0.kind != .string) })
        #expect(value.elements.allSatisfy { $0.elements.isEmpty && $0.members.isEmpty })
    }

    @Test func membersKeepTheirOrder() throws {
        let value = try parse(#"{"b": 1, "a": {"x": [1, 2]}, "b": "two", "\u0061b": null}"#)
        #expect(value.members.map(\.name) == ["b", "a", "b", "ab"])
        #expect(value.member("b")?.string == "two")
        #expect(value.member("a")?.member("x")?.elements.compactMap(\.integer) == [1, 2])
        #expect(value.member("ab")?.isNull == true)
        #expect(value.member("c") == nil && value.member("") == nil)
        #expect(value.member("b")?.member("b") == nil)
        #expect(try parse("[1]").members.isEmpty)
        #expect(try parse(#"{"a":1}"#).elements.isEmpty)
    }

    @Test(
        "Strings are decoded",
        arguments: [
            (#""""#, ""), (#""Bård""#, "Bård"),
            (#""B\u00e5rd \"x\" \\ \/ \b\f\n\r\t""#, "Bård \"x\" \\ / \u{8}\u{C}\n\r\t"),
            (#""\uD83D\uDE00!""#, "😀!"), (#""\ud800""#, "\u{FFFD}"), (#""\udc00\ud800x""#, "\u{FFFD}\u{FFFD}x"),
            (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"), (#""a\u0000b""#, "a\0b"), (#""\\ud800""#, #"\ud800"#),
        ])
    func string(text: String, expected: String) throws {
        #expect(try parse(text).string == expected)
        #expect(try parse(#"{\#(text): 1}"#).members.first?.name == expected)
        #expect(try parse(#"{\#(text): 1}"#).member(expected)?.integer == 1)
    }

    @Test(
        "Whole numbers that fit are integers, however they are written",
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-7", -7), ("1.0", 1), ("1e2", 100), ("1.50e1", 15), ("100e-2", 1),
            ("0e99", 0),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("-9223372036854775808.0", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.5", nil), ("1e19", nil), ("1e-1", nil),
            ("1e99999999999999999999", nil), ("1e-99999999999999999999", nil), ("\"1\"", nil), ("true", nil),
            ("100000000000000000000e-2", 1_000_000_000_000_000_000), ("123456789012345678901234567890", nil),
        ] as [(String, Int64?)])
    func integer(text: String, expected: Int64?) throws {
        #expect(try parse(text).integer == expected)
    }

    @Test(
        "Doubles",
        arguments: [
            ("10.1125", 10.1125), ("35", 35), ("-1e-3", -0.001), ("1e400", nil), ("5e-324", .leastNonzeroMagnitude),
            ("1e-400", 0),
            ("\"1\"", nil), ("null", nil),
        ] as [(String, Double?)])
    func double(text: String, expected: Double?) throws {
        #expect(try parse(text).double == expected)
    }

    @Test(
        "Compacting takes whitespace between tokens and nothing else",
        arguments: [
            (" [ 1 , 2.50 ,\n\"a b\" ] ", #"[1,2.50,"a b"]"#),
            (#"{ "a\" b" : "\\" , "c" : { } }"#, #"{"a\" b":"\\","c":{}}"#),
            (#"{"a":"x  y","b":[1]}"#, #"{"a":"x  y","b":[1]}"#), ("\t\"\\\\\\\" \"\r\n", #""\\\" ""#),
            (#"{"n":1E+2,"s":"\u00e5å"}"#, #"{"n":1E+2,"s":"\u00e5å"}"#),
        ])
    func compact(text: String, expected: String) throws {
        #expect(String(decoding: try parse(text).compactBytes, as: UTF8.self) == expected)
    }

    @Test func partsCompactAlone() throws {
        let value = try parse(#"{ "a": [ 1, 2 ], "b" : "x" }"#)
        var bytes = Array(">".utf8)
        value.member("a")?.compact(into: &bytes)
        value.member("b")?.compact(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #">[1,2]"x""#)
    }

    @Test(
        "U+0000 is seen wherever it is hidden",
        arguments: [
            (#"{"a":"x"}"#, false), (#"{"a":"\u0000"}"#, true), (#"{"a":[{"\u0000b":1}]}"#, true),
            (#"{"a":"\\u0000"}"#, false), (#"{"a":"\u00000"}"#, true), (#"{"a":"\\\u0000"}"#, true),
        ])
    func nul(text: String, expected: Bool) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        #expect(document.containsNUL == expected)
        #expect(document.root.containsNUL == expected)
        #expect(document.root.member("a")?.containsNUL == expected)
        #expect(try parse("[\(text), 4, {}]").elements.map(\.containsNUL) == [expected, false, false])
    }

    @Test func lines() {
        func lines(_ text: String) -> [String] {
            JSONLines(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines("{}\n[1]\n") == ["{}", "[1]"])
        #expect(lines("{}\r\n\r\n  \t\n\n[1]") == ["{}", "[1]"])
        #expect(lines("") == [] && lines("\n") == [] && lines("\r\n\r\n") == [])
        #expect(lines(" 1 \r\nx y\r") == [" 1 ", "x y"])
        #expect(JSONLines(Array("{}\r\n\n[]".utf8)).map(\.startIndex) == [0, 5])
    }
}
