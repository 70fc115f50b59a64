import JSON
import Testing

@testable import EventPatterns

@Suite struct StructureTests {
    @Test(
        "anything-but",
        arguments: [
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":"y"}"#, true),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":"x"}"#, false),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{}"#, false),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":[]}"#, false),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":{"b":1}}"#, false),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":null}"#, true),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":false}"#, true),
            Case(#"{"a":[{"anything-but":"1"}]}"#, #"{"a":1}"#, true),
            Case(#"{"a":[{"anything-but":1}]}"#, #"{"a":1.0}"#, false),
            Case(#"{"a":[{"anything-but":1}]}"#, #"{"a":"1"}"#, true),
            Case(#"{"a":[{"anything-but":1}]}"#, #"{"a":1e99999999999}"#, true),
            Case(#"{"a":[{"anything-but":["x","y"]}]}"#, #"{"a":"y"}"#, false),
            Case(#"{"a":[{"anything-but":[100,200]}]}"#, #"{"a":2e2}"#, false),
            Case(#"{"a":[{"anything-but":[100,200]}]}"#, #"{"a":300}"#, true),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":["x","y"]}"#, true),
            Case(#"{"a":[{"anything-but":"x"}]}"#, #"{"a":["x","x"]}"#, false),
            Case(#"{"a":[{"anything-but":{"prefix":"in"}}]}"#, #"{"a":"init"}"#, false),
            Case(#"{"a":[{"anything-but":{"prefix":"in"}}]}"#, #"{"a":"out"}"#, true),
            Case(#"{"a":[{"anything-but":{"prefix":"in"}}]}"#, #"{"a":5}"#, true),
            Case(#"{"a":[{"anything-but":{"prefix":["in","out"]}}]}"#, #"{"a":"outer"}"#, false),
            Case(#"{"a":[{"anything-but":{"suffix":".png"}}]}"#, #"{"a":"a.png"}"#, false),
            Case(#"{"a":[{"anything-but":{"suffix":[".png",".jpg"]}}]}"#, #"{"a":"a.gif"}"#, true),
            Case(#"{"a":[{"anything-but":{"equals-ignore-case":"ABC"}}]}"#, #"{"a":"abc"}"#, false),
            Case(#"{"a":[{"anything-but":{"equals-ignore-case":["ABC","straße"]}}]}"#, #"{"a":"STRASSE"}"#, false),
            Case(#"{"a":[{"anything-but":{"equals-ignore-case":["ABC"]}}]}"#, #"{"a":"ab"}"#, true),
            Case(#"{"a":[{"anything-but":{"wildcard":"*/lib/*"}}]}"#, #"{"a":"/usr/lib/x"}"#, false),
            Case(#"{"a":[{"anything-but":{"wildcard":["*.a","*.b"]}}]}"#, #"{"a":"x.c"}"#, true),
            Case(#"{"a":[{"anything-but":"x"},"x"]}"#, #"{"a":"x"}"#, true),
            Case(#"{"a":[{"exists":false},{"anything-but":"x"}]}"#, #"{}"#, true),
        ])
    func anythingBut(_ table: Case) throws { #expect(try table.holds()) }

    @Test(
        "exists",
        arguments: [
            Case(#"{"a":[{"exists":true}]}"#, #"{"a":0}"#, true),
            Case(#"{"a":[{"exists":true}]}"#, #"{"a":null}"#, true),
            Case(#"{"a":[{"exists":true}]}"#, #"{}"#, false),
            Case(#"{"a":[{"exists":true}]}"#, #"{"a":{"b":1}}"#, false),
            Case(#"{"a":[{"exists":true}]}"#, #"{"a":[]}"#, false),
            Case(#"{"a":[{"exists":true}]}"#, #"{"a":[[1]]}"#, true),
            Case(#"{"a":[{"exists":false}]}"#, #"{}"#, true),
            Case(#"{"a":[{"exists":false}]}"#, #"{"a":null}"#, false),
            Case(#"{"a":[{"exists":false}]}"#, #"{"a":{"b":1}}"#, true),
            Case(#"{"a":[{"exists":false}]}"#, #"{"a":[{}]}"#, true),
            Case(#"{"a":{"b":[{"exists":false}]}}"#, #"{}"#, true),
            Case(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a":7}"#, true),
            Case(#"{"a":{"b":[{"exists":false}]},"c":[1]}"#, #"{"c":1}"#, true),
            Case(#"{"a":{"b":[{"exists":true}]}}"#, #"{"a":[{},{"b":1}]}"#, true),
            Case(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a":[{},{"b":1}]}"#, false),
            Case(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a":[{},{"c":1}]}"#, true),
            Case(#"{"a":{"b":[{"exists":false},"x"]}}"#, #"{"a":[{},{"b":"y"}]}"#, false),
            Case(#"{"a":{"b":[{"exists":false},"x"]}}"#, #"{"a":[{},{"b":"x"}]}"#, true),
            Case(#"{"a":{"b":[{"exists":false}],"s":["A"]}}"#, #"{"a":[{"s":"A"},{"s":"B","b":1}]}"#, true),
            Case(#"{"a":{"b":[{"exists":false}],"s":["B"]}}"#, #"{"a":[{"s":"A"},{"s":"B","b":1}]}"#, false),
        ])
    func exists(_ table: Case) throws { #expect(try table.holds()) }

    @Test(
        "Arrays: any element, and the same one",
        arguments: [
            Case(#"{"a":["x"]}"#, #"{"a":["y","x"]}"#, true),
            Case(#"{"a":["x"]}"#, #"{"a":[["y",["x"]]]}"#, true),
            Case(#"{"a":["x"]}"#, #"{"a":[{"b":"x"}]}"#, false),
            Case(#"{"a":["x"]}"#, #"{"a":[]}"#, false),
            Case(#"{"i":{"k":["a"],"n":[1]}}"#, #"{"i":[{"k":"a","n":1},{"k":"b","n":2}]}"#, true),
            Case(#"{"i":{"k":["a"],"n":[2]}}"#, #"{"i":[{"k":"a","n":1},{"k":"b","n":2}]}"#, false),
            Case(#"{"i":{"k":["a"],"n":[2]}}"#, #"{"i":[{"k":"a"},{"n":2}]}"#, false),
            Case(#"{"i":{"k":["a"],"n":[2]}}"#, #"{"i":[[{"k":"a"},{"n":2}],[{"k":"a","n":2}]]}"#, true),
            Case(#"{"i":{"k":["a"],"n":[2]}}"#, #"{"i":[{"k":["b","a"],"n":[1,2]}]}"#, true),
            Case(
                #"{"o":{"i":{"k":["a"],"n":[2]},"x":[1]}}"#,
                #"{"o":[{"x":1,"i":[{"k":"a"}]},{"x":2,"i":[{"k":"a","n":2}]}]}"#, false),
            Case(
                #"{"o":{"i":{"k":["a"],"n":[2]},"x":[1]}}"#,
                #"{"o":[{"x":2,"i":[{"k":"a"}]},{"x":1,"i":[{"k":"b"},{"k":"a","n":2}]}]}"#, true),
            Case(#"{"a":{"b":[1]},"c":{"d":[2]}}"#, #"{"a":[{"b":0},{"b":1}],"c":[{"d":2},{"d":0}]}"#, true),
            Case(#"{"a":{"b":[1]}}"#, #"{"a":[5,{"b":1}]}"#, true),
        ])
    func arrays(_ table: Case) throws { #expect(try table.holds()) }

    @Test(
        "$or",
        arguments: [
            Case(#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"b":2}"#, true),
            Case(#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":2,"b":1}"#, false),
            Case(#"{"s":["x"],"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":1}"#, false),
            Case(#"{"s":["x"],"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"s":"x","a":1}"#, true),
            Case(#"{"$or":[{"a":[1]},{"b":[2]}],"d":{"$or":[{"e":[1]},{"f":[1]}]}}"#, #"{"a":1,"d":{"f":1}}"#, true),
            Case(#"{"$or":[{"a":[1]},{"b":[2]}],"d":{"$or":[{"e":[1]},{"f":[1]}]}}"#, #"{"a":1,"d":{"f":2}}"#, false),
            Case(#"{"$or":[{"a":[1]},{"b":[1],"$or":[{"c":[1]},{"d":[1]}]}]}"#, #"{"b":1,"d":1}"#, true),
            Case(#"{"$or":[{"a":[1]},{"b":[1],"$or":[{"c":[1]},{"d":[1]}]}]}"#, #"{"b":1}"#, false),
            Case(#"{"i":{"k":["a"],"$or":[{"n":[1]},{"m":[1]}]}}"#, #"{"i":[{"k":"a"},{"k":"b","n":1}]}"#, false),
            Case(#"{"i":{"k":["a"],"$or":[{"n":[1]},{"m":[1]}]}}"#, #"{"i":[{"k":"b"},{"k":"a","m":1}]}"#, true),
            Case(#"{"$or":[{"a":[{"exists":false}]},{"a":[1]}]}"#, #"{}"#, true),
            Case(#"{"i":{"$or":[{"a":[{"exists":false}]},{"b":[1]}]}}"#, #"{"i":[{"a":1,"b":1},{}]}"#, true),
            Case(#"{"i":{"$or":[{"a":[{"exists":false}]},{"b":[1]}]}}"#, #"{"i":[{"a":1,"b":2},{}]}"#, false),
        ])
    func choices(_ table: Case) throws { #expect(try table.holds()) }

    @Test func outermostMembersMayBeTextsThatAreNoJSON() throws {
        let filter = try EventFilter(
            text: #"{"id":[{"prefix":"evt_"}],"resourceId":[null],"data":{"a":[1]}}"#.utf8)
        let data = try JSONDocument(parsing: Array(#"{"a":1}"#.utf8)).root
        func matches(_ id: String) -> Bool {
            filter.matches { name in
                switch name {
                case "id": .text(id)
                case "resourceId": .null
                case "data": .value(data)
                default: nil
                }
            }
        }
        #expect(matches("evt_1"))
        #expect(!matches("dlv_1"))
    }

    /// Each `$or` doubles what event-ruler would make of it; nothing is made of it here.
    @Test func manyChoicesCostTheirSum() throws {
        let levels = 12
        let choices = (0..<levels).map { #""m\#($0)":{"$or":[{"a":["x"]},{"b":["x"]},{"c":["x"]},{"d":["x"]}]}"# }
        let filter = try EventFilter(text: "{\(choices.joined(separator: ","))}".utf8)
        func event(_ last: String) throws -> JSONValue {
            let members = (0..<levels).map { #""m\#($0)":{"d":"\#($0 == levels - 1 ? last : "x")"}"# }
            return try JSONDocument(parsing: Array("{\(members.joined(separator: ","))}".utf8)).root
        }
        #expect(filter.matches(try event("x")))
        #expect(!filter.matches(try event("y")))
    }

    /// Were anything tried twice, these would not end.
    @Test func evilWildcardsEnd() throws {
        let filter = try EventFilter(
            text: #"{"a":[{"wildcard":"\#(String(repeating: "*a", count: 900))*b"}]}"#.utf8)
        let text = String(repeating: "a", count: 200_000)
        #expect(!filter.matches(try JSONDocument(parsing: Array(#"{"a":"\#(text)"}"#.utf8)).root))
        #expect(filter.matches(try JSONDocument(parsing: Array(#"{"a":"\#(text)b"}"#.utf8)).root))
    }
}
