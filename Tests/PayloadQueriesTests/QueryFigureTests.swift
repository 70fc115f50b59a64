import JSON
import TestSupport
import Testing

@testable import PayloadQueries

/// A figure, not a promise of a test: `swift test -c release --filter QueryFigureTests` prints what a query costs.
@Suite struct QueryFigureTests {
    @Test func aQueryOfTenFieldsIsCheap() throws {
        let items = (0..<8).map {
            #"{"name":"Article number \#($0)","sku":"49584\#($0)","quantity":1,"price":{"net":28}}"#
        }
        let order =
            #"{"id":"68e4fe1da9733a66efd88673","createdAt":"2025-10-07T11:48:45.000Z","customer":"#
            + #"{"identifier":"bard@crystallize.com","firstName":"Bård","lastName":"Farstad"},"cart":["#
            + items.joined(separator: ",") + #"],"total":{"currency":"EUR","gross":45.1125,"net":36.09}}"#
        let query = "query($id:ID!){order{get(id:$id){id createdAt customer{firstName} cart{sku} total{gross}}}}"
        let document = try JSONDocument(parsing: Array(order.utf8))
        let made = try PayloadQuery(query)
        let count = 20_000
        func result(of query: PayloadQuery, _ order: JSONValue) throws -> Int {
            try query.plan { _ in .string("68e4fe1da9733a66efd88673") }.result { _ in order }.count
        }
        var bytes = 0
        let clock = ContinuousClock()
        let ran = try clock.measure { for _ in 0..<count { bytes += try result(of: made, document.root) } }
        let all = try clock.measure {
            for _ in 0..<count {
                let order = try JSONDocument(parsing: Array(order.utf8))
                bytes += try result(of: PayloadQuery(query), order.root)
            }
        }
        print(
            "a query of 10 fields on \(order.utf8.count) bytes runs in \(ran / count), with reading both \(all / count)"
        )
        #expect(bytes > 0)
    }
}
