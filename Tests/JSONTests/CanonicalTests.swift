import JSON
import Testing

/// When two texts are the same JSON value.
@Suite struct CanonicalTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONDocument(parsing: Array(text.utf8)).root }

    @Test(
        "The same value in other clothes",
        arguments: [
            ("1", "1.0"), ("1", "1e0"), ("1", "10E-1"), ("100", "1e2"), ("0", "-0"), ("0", "0.00e7"),
            ("-1.50", "-15e-1"),
            ("0.001", "1e-3"), ("1e400", "10e399"), ("\"å\"", #""\u00e5""#), (#""\/""#, #""/""#),
            (#""\n""#, #""\u000A""#),
            (#""\ud83d\ude00""#, "\"😀\""), (#""\ud800""#, #""\uD800""#),
            (#"{"a":1,"b":[2]}"#, #" { "b" : [ 2.0 ] , "a":1 }"#),
            (#"{"a":1,"a":2}"#, #"{"a":2}"#), (#"{"\u0061":1}"#, #"{"a":1}"#),
            (#"{"a":1,"a!":2,"a#":3,"ab":4}"#, #"{"\u0061b":4,"a#":3,"a!":2,"a":1}"#),
            (#"{"a\"":1,"a":2,"a\n":3}"#, #"{"a\u000a":3,"a":2,"a\u0022":1}"#), (#"{"a":1,"\u0061":2}"#, #"{"a":2}"#),
            ("120", "12e1"), ("-0", "0e5"), ("-10", "-1e1"), (#""\"\\""#, #""\u0022\u005c""#),
            ("1e99999999999999999999", "1e99999999999999999999"),
        ])
    func equal(one: String, other: String) throws {
        #expect(try parse(one).isEquivalent(to: parse(other)))
        #expect(try parse("[\(one)]").canonicalBytes == parse("[ \(other) ]").canonicalBytes)
    }

    @Test(
        "Another value",
        arguments: [
            ("1", "\"1\""), ("1", "1.0000000000000000000001"), ("1", "-1"), ("1", "true"), ("null", "false"),
            ("[]", "{}"),
            ("[1,2]", "[2,1]"), ("[1]", "[[1]]"), ("[]", "[[]]"), (#"{"a":1}"#, #"{"b":1}"#),
            (#"{"a":1}"#, #"{"a":1,"b":null}"#),
            ("\"a\"", "\"A\""), ("\"é\"", "\"e\u{301}\""), (#""\ud800""#, "\"\u{FFFD}\""),
            (#""\ud800""#, #""\\ud800""#),
            (#""\ud800""#, #""\udc00""#), ("9007199254740993", "9007199254740992"), (#"{"a":1,"a":2}"#, #"{"a":1}"#),
            ("12", "1e2"), ("[1,2]", "[12]"), (#"["a","b"]"#, #"["a,b"]"#), (#"["a\",\"b"]"#, #"["a","b"]"#),
        ])
    func different(one: String, other: String) throws {
        #expect(try !parse(one).isEquivalent(to: parse(other)))
    }

    @Test func canonicalTextIsJSONOfTheSameValue() throws {
        let value = try parse(#"{"b":[1.50,"\u0001\ud800å"],"a":{},"\"":-0}"#)
        let canonical = try JSONDocument(parsing: value.canonicalBytes).root
        #expect(
            String(decoding: value.canonicalBytes, as: UTF8.self) == #"{"\u0022":0,"a":{},"b":[15e-1,"\u0001\ud800å"]}"#
        )
        #expect(canonical.isEquivalent(to: value))
    }

    /// A body that repeats one name must not cost the square of its length.
    @Test func manyMembers() throws {
        let members = (0..<20_000).map { "\"m\($0 % 5000)\":\($0)" }.joined(separator: ",")
        let value = try parse("{\(members)}")
        #expect(try JSONDocument(parsing: value.canonicalBytes).root.members.count == 5000)
    }
}
