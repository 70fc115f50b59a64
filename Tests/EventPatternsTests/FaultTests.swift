import Testing

@testable import EventPatterns

@Suite struct FaultTests {
    @Test(
        "A fault names its place",
        arguments: [
            ("[]", "", .wrongType),
            ("{}", "", .tooShort),
            (#"{"a":1}"#, "a", .wrongType),
            (#"{"a":"x"}"#, "a", .wrongType),
            (#"{"a":null}"#, "a", .wrongType),
            (#"{"a":{}}"#, "a", .tooShort),
            (#"{"a":[]}"#, "a", .tooShort),
            (#"{"a":["x",["y"]]}"#, "a[1]", .wrongType),
            (#"{"a":[{}]}"#, "a[0]", .invalid),
            (#"{"a":[{"prefix":"a","suffix":"b"}]}"#, "a[0]", .invalid),
            (#"{"a":[{"like":"x"}]}"#, "a[0].like", .unknownOperator),
            (#"{"a":["x"],"a":["y"]}"#, "a", .duplicate),
            (#"{"a":[{"prefix":1}]}"#, "a[0].prefix", .wrongType),
            (#"{"a":[{"suffix":["a"]}]}"#, "a[0].suffix", .wrongType),
            (#"{"a":[{"prefix":{"suffix":"x"}}]}"#, "a[0].prefix.suffix", .unknownOperator),
            (#"{"a":[{"prefix":{"equals-ignore-case":1}}]}"#, "a[0].prefix.equals-ignore-case", .wrongType),
            (#"{"a":[{"equals-ignore-case":["a"]}]}"#, "a[0].equals-ignore-case", .wrongType),
            (#"{"a":[{"wildcard":"a**b"}]}"#, "a[0].wildcard", .invalid),
            (#"{"a":[{"wildcard":"a\\b"}]}"#, "a[0].wildcard", .invalid),
            (#"{"a":[{"wildcard":"a\\"}]}"#, "a[0].wildcard", .invalid),
            (#"{"a":[{"exists":"yes"}]}"#, "a[0].exists", .wrongType),
            (#"{"a":[{"cidr":"10.0.0.0"}]}"#, "a[0].cidr", .invalid),
            (#"{"a":[{"cidr":"10.0.0.0/33"}]}"#, "a[0].cidr", .invalid),
            (#"{"a":[{"cidr":"10.0.0/8"}]}"#, "a[0].cidr", .invalid),
            (#"{"a":[{"cidr":"::/129"}]}"#, "a[0].cidr", .invalid),
            (#"{"a":[{"cidr":"::/-1"}]}"#, "a[0].cidr", .invalid),
            (#"{"a":[{"cidr":7}]}"#, "a[0].cidr", .wrongType),
            (#"{"data":{"total":[{"numeric":[">","x"]}]}}"#, "data.total[0].numeric[1]", .wrongType),
            (#"{"a":[{"numeric":5}]}"#, "a[0].numeric", .wrongType),
            (#"{"a":[{"numeric":[]}]}"#, "a[0].numeric", .tooShort),
            (#"{"a":[{"numeric":[">"]}]}"#, "a[0].numeric", .tooShort),
            (#"{"a":[{"numeric":[">",1,"<"]}]}"#, "a[0].numeric", .invalid),
            (#"{"a":[{"numeric":[">",1,"<",2,"<",3]}]}"#, "a[0].numeric", .tooLong),
            (#"{"a":[{"numeric":["~",1]}]}"#, "a[0].numeric[0]", .invalid),
            (#"{"a":[{"numeric":["<",1,"<",0]}]}"#, "a[0].numeric[0]", .invalid),
            (#"{"a":[{"numeric":["=",1,"<",2]}]}"#, "a[0].numeric[0]", .invalid),
            (#"{"a":[{"numeric":[">",2,"<",2.0]}]}"#, "a[0].numeric[3]", .outOfRange),
            (#"{"a":[{"numeric":["=",1e99999999999]}]}"#, "a[0].numeric[1]", .outOfRange),
            (#"{"a":[1e99999999999]}"#, "a[0]", .outOfRange),
            (#"{"a":[{"anything-but":null}]}"#, "a[0].anything-but", .wrongType),
            (#"{"a":[{"anything-but":["x",true]}]}"#, "a[0].anything-but[1]", .wrongType),
            (#"{"a":[{"anything-but":["x",1]}]}"#, "a[0].anything-but", .invalid),
            (#"{"a":[{"anything-but":[]}]}"#, "a[0].anything-but", .tooShort),
            (#"{"a":[{"anything-but":{"numeric":["=",1]}}]}"#, "a[0].anything-but.numeric", .unknownOperator),
            (#"{"a":[{"anything-but":{"prefix":""}}]}"#, "a[0].anything-but.prefix", .tooShort),
            (#"{"a":[{"anything-but":{"suffix":["a",1]}}]}"#, "a[0].anything-but.suffix[1]", .wrongType),
            (#"{"a":[{"anything-but":{"wildcard":["a","**"]}}]}"#, "a[0].anything-but.wildcard[1]", .invalid),
            (#"{"$or":{"a":[1]}}"#, "$or", .wrongType),
            (#"{"$or":[{"a":[1]}]}"#, "$or", .tooShort),
            (#"{"b":{"$or":[{"a":[1]},5]}}"#, "b.$or[1]", .wrongType),
            (#"{"$or":[{"a":[1]},{"prefix":"x"}]}"#, "$or[1].prefix", .wrongType),
        ] as [(String, String, PatternFault.Code)])
    func places(_ pattern: String, _ path: String, _ code: PatternFault.Code) {
        do throws(PatternFaults) {
            _ = try EventFilter(text: pattern.utf8)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.list.map(\.path) == [path])
            #expect(error.list.map(\.code) == [code])
        }
    }

    @Test func allFaultsAreNamedAtOnce() {
        #expect {
            try EventFilter(text: #"{"a":[],"b":[{"exists":1}],"c":{"d":7}}"#.utf8)
        } throws: {
            ($0 as? PatternFaults)?.list.map(\.path) == ["a", "b[0].exists", "c.d"]
        }
    }

    @Test func patternsAreBounded() throws {
        func pattern(bytes: Int) -> String { #"{"a":["\#(String(repeating: "x", count: bytes - 10))"]}"# }
        #expect(try EventFilter(text: pattern(bytes: EventFilter.sizeLimit).utf8).text.count == EventFilter.sizeLimit)
        #expect(throws: PatternFaults.self) { try EventFilter(text: pattern(bytes: EventFilter.sizeLimit + 1).utf8) }
        func deep(_ levels: Int) -> String {
            String(repeating: #"{"a":"#, count: levels - 1) + "[1]" + String(repeating: "}", count: levels - 1)
        }
        #expect(throws: Never.self) { try EventFilter(text: deep(EventFilter.depthLimit).utf8) }
        #expect(throws: PatternFaults.self) { try EventFilter(text: deep(EventFilter.depthLimit + 1).utf8) }
    }
}
