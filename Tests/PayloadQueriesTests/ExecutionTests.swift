import Foundation
import JSON
import TestSupport
import Testing

@testable import PayloadQueries

@Suite struct ExecutionTests {
    static let order = """
        {"id": "1", "total": {"gross": 45.1125, "net": 35}, "cart": [{"sku": "a\\u00e5", "n": 1}, {"sku": "b"}, null, 7
         ],"grid": [[{"x": 1}], [], [{"x": 2}, {"y": 3}]], "pipelines": null,
         "big": 12345678901234567890, "id": "one"}
        """

    static func run(
        _ query: String, _ variables: [String: QueryInput] = [:],
        _ data: [QueryLookup: String] = [
            QueryLookup(root: "order", id: "1"): order, QueryLookup(root: "item", id: "2"): #"{"a":[1, 2, [3, 4]]}"#,
        ]
    ) throws -> String {
        let plan = try PayloadQuery(query).plan { variables[$0] }
        let result = try plan.result { lookup in
            data[lookup].flatMap { try? JSONDocument(parsing: Array($0.utf8)).root }
        }
        return String(decoding: result, as: UTF8.self)
    }

    @Test(
        "Results",
        arguments: [
            ("{order{get(id:1){total{net gross}}}}", #"{"order":{"get":{"total":{"net":35,"gross":45.1125}}}}"#),
            ("{order{get(id:\"1\"){id}}}", #"{"order":{"get":{"id":"one"}}}"#),  // the last of repeated members
            ("{o:order{g:get(identifier:1){b:big}}}", #"{"o":{"g":{"b":12345678901234567890}}}"#),
            ("{order{get(id:1){cart{sku}}}}", #"{"order":{"get":{"cart":[{"sku":"a\u00e5"},{"sku":"b"},null,null]}}}"#),
            ("{order{get(id:1){cart(first:1)}}}", #"{"order":{"get":{"cart":[{"sku":"a\u00e5","n":1}]}}}"#),
            ("{order{get(id:1){cart(first:0){sku}}}}", #"{"order":{"get":{"cart":[]}}}"#),
            ("{order{get(id:1){cart(first:99){n}}}}", #"{"order":{"get":{"cart":[{"n":1},{"n":null},null,null]}}}"#),
            ("{order{get(id:1){grid{x}}}}", #"{"order":{"get":{"grid":[[{"x":1}],[],[{"x":2},{"x":null}]]}}}"#),
            (
                "{order{get(id:1){total pipelines}}}",
                #"{"order":{"get":{"total":{"gross":45.1125,"net":35},"pipelines":null}}}"#
            ),
            (
                "{order{get(id:1){id{x} pipelines{x} none{x} __typename}}}",
                #"{"order":{"get":{"id":null,"pipelines":null,"none":null,"__typename":null}}}"#
            ),
            ("{item{get(id:2)}}", #"{"item":{"get":{"a":[1,2,[3,4]]}}}"#),
            ("{item{get(id:2){a(first:3){x}}}}", #"{"item":{"get":{"a":[null,null,[null,null]]}}}"#),
            ("{order{get(id:2){id}} item{get(id:null)}}", #"{"order":{"get":null},"item":{"get":null}}"#),
            ("{order}", #"{"order":null}"#), ("{order{id get}}", #"{"order":{"id":null,"get":null}}"#),
            ("{order{get(id:1){...{id @skip(if:true)}}}}", #"{"order":{"get":{}}}"#),
            (
                "{order{get(id:1){id}} order{get(id:1){id big}}}",
                #"{"order":{"get":{"id":"one","big":12345678901234567890}}}"#
            ),
            (
                "{order{get(id:1){...F total{net}}}} fragment F on Any{total{gross}}",
                #"{"order":{"get":{"total":{"gross":45.1125,"net":35}}}}"#
            ),
            ("{order{get(id:\"\"\"\n   1\n\n\"\"\"){id}}}", #"{"order":{"get":{"id":"one"}}}"#),
            ("{order{get(id:\"\\u0031\"){id}}}", #"{"order":{"get":{"id":"one"}}}"#),
        ])
    func results(query: String, result: String) throws { #expect(try Self.run(query) == result) }

    @Test func variables() throws {
        let query = "query($id:ID!,$n:Int=1,$b:Boolean=false){order{get(id:$id){cart(first:$n){n} id @include(if:$b)}}}"
        #expect(try Self.run(query, ["id": .string("1")]) == #"{"order":{"get":{"cart":[{"n":1}]}}}"#)
        let more: [String: QueryInput] = ["id": .number("1"), "n": .number("0"), "b": .bool(true)]
        #expect(try Self.run(query, more) == #"{"order":{"get":{"cart":[],"id":"one"}}}"#)
        #expect(try Self.run(query, ["id": .other]) == #"{"order":{"get":null}}"#)
        let all = try Self.run(query, ["id": .string("1"), "n": .null])
        #expect(all == #"{"order":{"get":{"cart":[{"n":1},{"n":null},null,null]}}}"#)
    }

    @Test(
        "Failures",
        arguments: [
            ([:], "`$id` is ID!"), (["id": .null], "`$id` is ID!"),
            (["id": .string("1"), "b": .string("x")], "@include"),
            (["id": .string("1"), "n": .number("-1")], "first"), (["id": .string("1"), "n": .number("1.5")], "first"),
        ] as [([String: QueryInput], String)])
    func failures(variables: [String: QueryInput], words: String) {
        let query = "query($id:ID!,$n:Int=1,$b:Boolean=true){order{get(id:$id){cart(first:$n){n} id @include(if:$b)}}}"
        let failure = #expect(throws: QueryFailure.self) { try Self.run(query, variables) }
        #expect(failure?.message.contains(words) == true)
    }

    @Test func lookupsStandOnce() throws {
        let query = "{a:order{get(id:1){x}} b:order{get(id:\"1\") c:get(id:2) d:other(id:3)} item{get(id:1)} order}"
        let plan = try PayloadQuery(query).plan { _ in nil }
        #expect(
            plan.lookups == [
                QueryLookup(root: "order", id: "1"), QueryLookup(root: "order", id: "2"),
                QueryLookup(root: "item", id: "1"),
            ])
    }

    @Test func tooManyLookups() throws {
        func query(_ count: Int) throws -> PayloadQuery {
            try PayloadQuery("{order{" + (1...count).map { "a\($0):get(id:\($0)) " }.joined() + "}}")
        }
        #expect(try query(32).plan { _ in nil }.lookups.count == 32)
        #expect(throws: QueryFailure.self) { try query(33).plan { _ in nil } }
    }

    /// Neither aliases nor lists make more of a resource than a request can carry.
    @Test func resultsAreBounded() throws {
        let list = "{\"l\":[" + (0..<20_000).map { "{\"n\":\($0)}" }.joined(separator: ",") + "]}"
        let data = [QueryLookup(root: "order", id: "1"): list]
        let once = try Self.run("{order{get(id:1){l{n}}}}", [:], data)
        #expect(once == #"{"order":{"get":"# + list + "}}")
        for field in ["l", "l{n}", "l{x}", "l{n @skip(if:true)}"] {
            let fields = (0..<80).map { "a\($0):\(field)" }.joined(separator: " ")
            #expect(throws: QueryFailure.self) { try Self.run("{order{get(id:1){\(fields)}}}", [:], data) }
        }
    }

    /// Row 73 of the promises: the published query over the published order gives the published body.
    @Test func theSampleQueryGivesTheSampleOrder() throws {
        let path = Repository.root + "/samples/order-created.json"
        let sample = try JSONDocument(parsing: Array(try Data(contentsOf: URL(filePath: path)))).root
        let order = try #require(sample.member("data"))
        let query = """
            query ($id: ID!) {
              order { get(id: $id) {
                id createdAt updatedAt
                customer { identifier firstName lastName }
                cart { name sku quantity price { currency gross net } }
                total { currency gross net }
                pipelines
              } }
            }
            """
        let plan = try PayloadQuery(query).plan { $0 == "id" ? .string("68e4fe1da9733a66efd88673") : nil }
        #expect(plan.lookups == [QueryLookup(root: "order", id: "68e4fe1da9733a66efd88673")])
        let result = try plan.result { _ in order }
        #expect(result == Array(#"{"order":{"get":"#.utf8) + order.compactBytes + Array("}}".utf8))
    }
}
