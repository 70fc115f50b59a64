import Foundation
import JSON
import Testing
import struct TestSupport.Program

/// `JSON.stringify(JSON.parse(text))`, as tables and against an engine that has both.
@Suite struct ECMAScriptTests {
    private func stringified(_ text: some Sequence<UInt8>) throws -> String {
        let bytes = try JSONDocument(parsing: text).root.ecmaScriptBytes
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "Numbers",
        arguments: [
            ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("35", "35"), ("35.0", "35"), ("10.1125", "10.1125"),
            ("1e2", "100"), ("1E-2", "0.01"), ("1e21", "1e+21"), ("1e20", "100000000000000000000"),
            ("1e-6", "0.000001"),
            ("1e-7", "1e-7"), ("123456789012345", "123456789012345"), ("-5", "-5"),
            ("-1234567890123456", "-1234567890123456"),
            ("12345678901234567890", "12345678901234567000"), ("9007199254740993", "9007199254740992"),
            ("1e400", "null"), ("-1e400", "null"), ("1e-400", "0"), ("5e-324", "5e-324"), ("0.1", "0.1"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"), ("1.50", "1.5"), ("-1.5e-9", "-1.5e-9"),
            ("123e-20", "1.23e-18"), ("4.35", "4.35"), ("0.000001", "0.000001"), ("1234567.125", "1234567.125"),
        ])
    func numbers(text: String, expected: String) throws {
        #expect(try stringified(text.utf8) == expected)
    }

    @Test(
        "Strings, names and their order",
        arguments: [
            (#""\u00e5\/\u0041""#, #""å/A""#), (#""\ud83d\ude00""#, "\"😀\""), (#""\ud800""#, #""\ud800""#),
            (#""\uDC00\uD800""#, #""\udc00\ud800""#),
            (
                #""\u0008\u0009\u000a\u000c\u000d\u001F\u007f""#,
                "\"\\b\\t\\n\\f\\r\\u001f\u{7F}\""
            ),
            (#""\u0022\u005c\u2028""#, "\"\\\"\\\\\u{2028}\""), (#"{ "b" : 1 , "a" : [ ] }"#, #"{"b":1,"a":[]}"#),
            (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#), (#"{"a":1,"\u0061":2}"#, #"{"a":2}"#),
            (
                #"{"b":1,"10":2,"9":3,"01":4,"-1":5,"4294967294":6,"4294967295":7,"0":8}"#,
                #"{"0":8,"9":3,"10":2,"4294967294":6,"b":1,"01":4,"-1":5,"4294967295":7}"#
            ),
            (#"{"__proto__":{"a":1},"x":2,"__proto__":3}"#, #"{"__proto__":3,"x":2}"#),
            (#"{"":1,"1":2}"#, #"{"1":2,"":1}"#),
            (#"{"é":1,"e\u0301":2}"#, "{\"é\":1,\"e\u{301}\":2}"), ("null", "null"), ("[true,false]", "[true,false]"),
        ])
    func texts(text: String, expected: String) throws {
        #expect(try stringified(text.utf8) == expected)
        #expect(try stringified(expected.utf8) == expected)
    }

    @Test func manyMembers() throws {
        let members = (0..<20_000).map { "\"m\($0 % 5000)\":\($0)" }.joined(separator: ",")
        let expected = (0..<5000).map { "\"m\($0)\":\($0 + 15_000)" }.joined(separator: ",")
        #expect(try stringified("{\(members)}".utf8) == "{\(expected)}")
    }

    /// 120 000 texts, written at once and read back from one process of Node.js.
    @Test func nodeGivesTheSame() async throws {
        var random = SeededRandom(seed: 2025)
        let count = 120_000
        var texts: [[UInt8]] = []
        for _ in 0..<count { texts.append(random.ecmaScriptText(depth: 3)) }
        let file = FileManager.default.temporaryDirectory.appending(path: "texts-\(UUID().uuidString)")
        try Data(texts.joined(separator: [UInt8(ascii: "\n")])).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let node = try await Program.run(
            "/usr/bin/env",
            [
                "node", "-e",
                """
                const lines = require("fs").readFileSync(process.argv[1], "utf8").split("\\n");
                process.stdout.write(lines.map(line => JSON.stringify(JSON.parse(line))).join("\\n"));
                """, file.path(percentEncoded: false),
            ])
        #expect(node.status == 0, "\(node.output.prefix(500)); scripts/install-dependencies --tests")
        let answers = node.output.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(answers.count == count)
        var different = 0
        for (text, answer) in zip(texts, answers) {
            let ours = try stringified(text)
            if ours.utf8.elementsEqual(answer.utf8), try stringified(answer.utf8).utf8.elementsEqual(answer.utf8) {
                continue
            }
            different += 1
            if different < 10 { Issue.record("\(String(decoding: text, as: UTF8.self)): \(ours), node: \(answer)") }
        }
        #expect(different == 0)
    }
}

extension SeededRandom {
    /// A JSON text in one line with all that ECMAScript changes: odd numbers, escapes, indices and repeated names.
    mutating func ecmaScriptText(depth: Int) -> [UInt8] {
        let gap = [[], [], [UInt8(ascii: " ")], [UInt8(ascii: "\t")]][below(4)]
        switch depth > 0 ? below(6) : 2 + below(4) {
        case 0:
            let items = (0..<below(5)).map { _ in ecmaScriptText(depth: depth - 1) }
            return Array("[".utf8) + gap + Array(items.joined(separator: Array(",".utf8) + gap)) + Array("]".utf8)
        case 1:
            let count = below(16) == 0 ? 20 : below(6)
            let members = (0..<count).map { _ in name + gap + Array(":".utf8) + ecmaScriptText(depth: depth - 1) }
            return Array("{".utf8) + Array(members.joined(separator: gap + Array(",".utf8))) + gap + Array("}".utf8)
        case 2: return Array(["true", "false", "null", "-0", "0e5", "1e400"][below(6)].utf8)
        case 3: return string
        default: return number
        }
    }

    private var name: [UInt8] {
        mutating get {
            let names = [
                "a", "b", "c", "__proto__", "constructor", "0", "1", "2", "10", "01", "4294967294", "4294967295", "-1",
                "1.5", "\\u0061", "\\u0031", "", "toString", "9007199254740993",
            ]
            let choice = below(names.count + 4)
            return choice < names.count ? Array("\"\(names[choice])\"".utf8) : string
        }
    }

    private var string: [UInt8] {
        mutating get {
            var text = "\""
            for _ in 0..<below(6) {
                switch below(8) {
                case 0: text += ["\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\r", "\\t"][below(8)]
                case 1:
                    let digits = String(below(0x10000), radix: 16, uppercase: below(2) == 0)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                case 2: text += "\\u" + String(0xD800 + below(0x800), radix: 16)
                case 3: text += ["å", "€", "😀", "\u{7F}", "\u{2028}", "\u{FEFF}"][below(6)]
                default: text += ["a", "1", "'", "<", " ", "z"][below(6)]
                }
            }
            return Array((text + "\"").utf8)
        }
    }

    private var number: [UInt8] {
        mutating get {
            func digits(_ count: Int, _ random: inout SeededRandom) -> String {
                (0..<count).map { _ in String(random.below(10)) }.joined()
            }
            let sign = below(4) == 0 ? "-" : ""
            switch below(5) {
            case 0:
                let double = Double(bitPattern: next())
                return Array((double.isFinite ? "\(double)" : "1").utf8)
            case 1: return Array("\(sign)\(1 + below(9))\(digits(below(24), &self))".utf8)
            case 2: return Array("\(sign)\(below(1000)).\(digits(1 + below(20), &self))".utf8)
            case 3:
                let exponent = "\(["e", "E", "e+", "e-", "E-"][below(5)])\(below(330))"
                return Array("\(sign)\(1 + below(9)).\(digits(1 + below(17), &self))\(exponent)".utf8)
            default: return Array("\(sign)\(below(100_000))".utf8)
            }
        }
    }
}
