import JSON
import Testing

@testable import APIService

@Suite("JSON Merge Patch")
struct MergePatchTests {
    @Test(
        "As RFC 7396, on what a tenant writes",
        arguments: [
            // the RFC's own table, as far as both sides are objects
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
            (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d","c":null}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            // maps: a null for what is not there means nothing
            (#"{"metadata":{"x":"1"}}"#, #"{"metadata":{"y":null,"z":"2"}}"#, #"{"metadata":{"x":"1","z":"2"}}"#),
            ("{}", #"{"metadata":{"y":null}}"#, #"{"metadata":{}}"#),
            ("{}", #"{"filter":{"data":{"a":null,"b":[null]}}}"#, #"{"filter":{"data":{"b":[null]}}}"#),
            // header names are the same whatever their case
            (#"{"headers":{"x-a":"1","x-b":"2"}}"#, #"{"headers":{"X-A":null}}"#, #"{"headers":{"x-b":"2"}}"#),
            (#"{"headers":{"x-a":"1"}}"#, #"{"headers":{"X-A":"9"}}"#, #"{"headers":{"X-A":"9"}}"#),
            // a mistyped name stays visible
            ("{}", #"{"isEnbled":null}"#, #"{"isEnbled":null}"#),
            (
                #"{"retry":{"maxAttempts":3}}"#, #"{"retry":{"schedule":[7]}}"#,
                #"{"retry":{"maxAttempts":3,"schedule":[7]}}"#
            ),
            (#"{"name":"a\"b"}"#, "{}", #"{"name":"a\"b"}"#),
        ])
    func merge(target: String, patch: String, result: String) throws {
        let target = try JSONDocument(parsing: Array(target.utf8))
        let patch = try JSONDocument(parsing: Array(patch.utf8))
        let bytes = MergePatch.merge(patch.root, into: target.root)
        #expect(String(decoding: bytes, as: UTF8.self) == result)
        #expect(throws: Never.self) { try JSONDocument(parsing: bytes) }
    }
}
