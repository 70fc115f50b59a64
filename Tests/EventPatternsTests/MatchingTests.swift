import JSON
import Testing

@testable import EventPatterns

/// A pattern, an event, and whether they match.
struct Case: Sendable, CustomStringConvertible {
    let pattern: String
    let event: String
    let isMatch: Bool

    init(_ pattern: String, _ event: String, _ isMatch: Bool) {
        (self.pattern, self.event, self.isMatch) = (pattern, event, isMatch)
    }

    var description: String { "\(pattern) \(isMatch ? "takes" : "leaves") \(event)" }

    func holds() throws -> Bool {
        let document = try JSONDocument(parsing: Array(event.utf8))
        return try EventFilter(text: pattern.utf8).matches(document.root) == isMatch
    }
}

@Suite struct MatchingTests {
    @Test(
        "Exact values",
        arguments: [
            Case(#"{"a":["x"]}"#, #"{"a":"x"}"#, true),
            Case(#"{"a":["x"]}"#, #"{"a":"X"}"#, false),
            Case(#"{"a":["x","y"]}"#, #"{"a":"y"}"#, true),
            Case(#"{"a":["x","y","k","c","b"]}"#, #"{"a":"c"}"#, true),
            Case(#"{"a":["x"]}"#, #"{"b":"x"}"#, false),
            Case(#"{"a":["x"],"b":[1]}"#, #"{"a":"x"}"#, false),
            Case(#"{"a":["x"],"b":[1]}"#, #"{"b":1,"a":"x","c":{}}"#, true),
            Case(#"{"a":[""]}"#, #"{"a":""}"#, true),
            Case(#"{"a":["\u00e5\n"]}"#, #"{"a":"å\u000a"}"#, true),
            Case(#"{"a":[true]}"#, #"{"a":true}"#, true),
            Case(#"{"a":[true]}"#, #"{"a":false}"#, false),
            Case(#"{"a":[false]}"#, #"{"a":false}"#, true),
            Case(#"{"a":[true]}"#, #"{"a":"true"}"#, false),
            Case(#"{"a":[null]}"#, #"{"a":null}"#, true),
            Case(#"{"a":[null]}"#, #"{"a":""}"#, false),
            Case(#"{"a":[null]}"#, #"{}"#, false),
            Case(#"{"a":["null"]}"#, #"{"a":null}"#, false),
            Case(#"{"a":{"b":{"c":["x"]}}}"#, #"{"a":{"b":{"c":"x"}}}"#, true),
            Case(#"{"a":{"b":["x"]}}"#, #"{"a":{"c":"x"}}"#, false),
            Case(#"{"a":{"b":["x"]}}"#, #"{"a":"x"}"#, false),
            Case(#"{"a":["x"]}"#, #"{"a":{"b":"x"}}"#, false),
            Case(#"{"a":["last"]}"#, #"{"a":"first","a":"last"}"#, true),
            Case(#"{"a":["first"]}"#, #"{"a":"first","a":"last"}"#, false),
        ])
    func exactValues(_ table: Case) throws { #expect(try table.holds()) }

    @Test(
        "Numbers are compared as numbers",
        arguments: [
            Case(#"{"a":[1]}"#, #"{"a":1.0}"#, true),
            Case(#"{"a":[100]}"#, #"{"a":1e2}"#, true),
            Case(#"{"a":[1E+2]}"#, #"{"a":100.00}"#, true),
            Case(#"{"a":[0]}"#, #"{"a":-0.0}"#, true),
            Case(#"{"a":[1]}"#, #"{"a":"1"}"#, false),
            Case(#"{"a":["1"]}"#, #"{"a":1}"#, false),
            Case(#"{"a":[0.1]}"#, #"{"a":0.10000000000000000001}"#, false),
            Case(#"{"a":[9007199254740993]}"#, #"{"a":9007199254740993}"#, true),
            Case(#"{"a":[9007199254740993]}"#, #"{"a":9007199254740992}"#, false),
            Case(#"{"a":[3,1,2]}"#, #"{"a":2.0}"#, true),
            Case(#"{"a":[-1]}"#, #"{"a":1}"#, false),
            Case(#"{"a":[1]}"#, #"{"a":1e99999999999}"#, false),
            Case(#"{"a":[{"numeric":["=",301.8]}]}"#, #"{"a":3.018e2}"#, true),
            Case(#"{"a":[{"numeric":["=",5]}]}"#, #"{"a":"5"}"#, false),
            Case(#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":0}"#, false),
            Case(#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":0.000000001}"#, true),
            Case(#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":5.0}"#, true),
            Case(#"{"a":[{"numeric":[">",0,"<=",5]}]}"#, #"{"a":5.01}"#, false),
            Case(#"{"a":[{"numeric":[">=",-10,"<",-2.5]}]}"#, #"{"a":-10}"#, true),
            Case(#"{"a":[{"numeric":[">=",-10,"<",-2.5]}]}"#, #"{"a":-2.5}"#, false),
            Case(#"{"a":[{"numeric":["<",10]}]}"#, #"{"a":-1e300}"#, true),
            Case(#"{"a":[{"numeric":["<",10]}]}"#, #"{"a":10}"#, false),
            Case(#"{"a":[{"numeric":[">",5e9]}]}"#, #"{"a":12345678901234567890}"#, true),
            Case(#"{"a":[{"numeric":[">",9]}]}"#, #"{"a":10}"#, true),
            Case(#"{"a":[{"numeric":[">",-10]}]}"#, #"{"a":-9}"#, true),
            Case(#"{"a":[{"numeric":["<",0]}]}"#, #"{"a":-0}"#, false),
            Case(#"{"a":[{"numeric":["<",1]},{"numeric":[">",3]}]}"#, #"{"a":2}"#, false),
            Case(#"{"a":[{"numeric":["<",1]},{"numeric":[">",3]}]}"#, #"{"a":4}"#, true),
            Case(#"{"a":[{"numeric":[">",0]}]}"#, #"{"a":null}"#, false),
            Case(#"{"a":[{"numeric":[">",0]}]}"#, #"{"a":true}"#, false),
        ])
    func numbers(_ table: Case) throws { #expect(try table.holds()) }

    @Test(
        "Ends and wildcards",
        arguments: [
            Case(#"{"a":[{"prefix":"ab"}]}"#, #"{"a":"abc"}"#, true),
            Case(#"{"a":[{"prefix":"ab"}]}"#, #"{"a":"ab"}"#, true),
            Case(#"{"a":[{"prefix":"ab"}]}"#, #"{"a":"a"}"#, false),
            Case(#"{"a":[{"prefix":"1"}]}"#, #"{"a":12}"#, false),
            Case(#"{"a":[{"prefix":""}]}"#, #"{"a":""}"#, true),
            Case(#"{"a":[{"suffix":"bc"}]}"#, #"{"a":"abc"}"#, true),
            Case(#"{"a":[{"suffix":"abc"}]}"#, #"{"a":"bc"}"#, false),
            Case(#"{"a":[{"suffix":".png"},{"suffix":".jpg"}]}"#, #"{"a":"x.jpg"}"#, true),
            Case(#"{"a":[{"prefix":{"equals-ignore-case":"EVENT"}}]}"#, #"{"a":"eventBridge"}"#, true),
            Case(#"{"a":[{"prefix":{"equals-ignore-case":"straSSe"}}]}"#, #"{"a":"STRAßE 1"}"#, true),
            Case(#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, #"{"a":"x.Png"}"#, true),
            Case(#"{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}"#, #"{"a":"x.pngx"}"#, false),
            Case(#"{"a":[{"wildcard":"a*c"}]}"#, #"{"a":"ac"}"#, true),
            Case(#"{"a":[{"wildcard":"a*c"}]}"#, #"{"a":"abbc"}"#, true),
            Case(#"{"a":[{"wildcard":"a*c"}]}"#, #"{"a":"abb"}"#, false),
            Case(#"{"a":[{"wildcard":"a*a"}]}"#, #"{"a":"a"}"#, false),
            Case(#"{"a":[{"wildcard":"*"}]}"#, #"{"a":""}"#, true),
            Case(#"{"a":[{"wildcard":"*"}]}"#, #"{"a":1}"#, false),
            Case(#"{"a":[{"wildcard":"*ab*ab*"}]}"#, #"{"a":"xabyabz"}"#, true),
            Case(#"{"a":[{"wildcard":"*ab*ab*"}]}"#, #"{"a":"xabz"}"#, false),
            Case(#"{"a":[{"wildcard":"*aab*"}]}"#, #"{"a":"aaab"}"#, true),
            Case(#"{"a":[{"wildcard":"a*bcab*b"}]}"#, #"{"a":"abcabcabb"}"#, true),
            Case(#"{"a":[{"wildcard":"plain"}]}"#, #"{"a":"plain"}"#, true),
            Case(#"{"a":[{"wildcard":"a\\*b"}]}"#, #"{"a":"a*b"}"#, true),
            Case(#"{"a":[{"wildcard":"a\\*b"}]}"#, #"{"a":"axb"}"#, false),
            Case(#"{"a":[{"wildcard":"a\\\\*"}]}"#, #"{"a":"a\\b"}"#, true),
            Case(#"{"a":[{"wildcard":"*é*"}]}"#, #"{"a":"caf\u00e9!"}"#, true),
        ])
    func texts(_ table: Case) throws { #expect(try table.holds()) }

    @Test(
        "Case folds in all of Unicode",
        arguments: [
            ("EC2", "ec2", true), ("Straße", "STRASSE", true), ("STRAẞE", "straße", true), ("ΣΊΣΥΦΟΣ", "σίσυφος", true),
            ("ПРИВЕТ", "привет", true), ("Kelvin", "\u{212A}elvin", true), ("\u{212B}", "å", true),
            ("\u{FB03}", "FFI", true), ("İ", "i\u{307}", true), ("ı", "I", false), ("ı", "i", false), ("Ǆ", "ǅ", true),
            ("ᾳ", "ΑΙ", true), ("µ", "Μ", true), ("Ⴀ", "ⴀ", true), ("Ꭰ", "ꭰ", true), ("𐐀", "𐐨", true),
            ("é", "e", false),
            ("a", "ab", false), ("ſ", "S", true), ("", "", true),
        ])
    func folding(_ pattern: String, _ event: String, _ isMatch: Bool) throws {
        for (pattern, event) in [(pattern, event), (event, pattern)] {
            let table = Case(#"{"a":[{"equals-ignore-case":"\#(pattern)"}]}"#, #"{"a":"\#(event)"}"#, isMatch)
            #expect(try table.holds())
        }
    }

    @Test(
        "Addresses",
        arguments: [
            ("10.0.0.0/24", "10.0.0.255", true), ("10.0.0.0/24", "10.0.1.0", false), ("10.0.0.77/24", "10.0.0.1", true),
            ("10.0.0.0/9", "10.127.255.255", true), ("10.0.0.0/9", "10.128.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("1.2.3.4/32", "1.2.3.4", true), ("1.2.3.4/32", "1.2.3.5", false), ("10.0.0.0/8", "10.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", false), ("2001:db8::/32", "2001:DB8:0:1::2", true),
            ("2001:db8::/33", "2001:db8:8000::", false), ("::/0", "10.0.0.1", false), ("::1/128", "0:0::0:1", true),
            ("10.0.0.0/8", "no address", false), ("10.0.0.0/8", "", false), ("::/0", "fe80::1%eth0", false),
        ])
    func addresses(_ block: String, _ address: String, _ isMatch: Bool) throws {
        #expect(try Case(#"{"a":[{"cidr":"\#(block)"}]}"#, #"{"a":"\#(address)"}"#, isMatch).holds())
    }
}
