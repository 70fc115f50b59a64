import JSON
import Testing

@testable import EventPatterns

/// A figure, not a promise of a test: `swift test -c release --filter FilterFigureTests` prints what a filter costs.
@Suite struct FilterFigureTests {
    @Test func tenConditionsOverAKilobyte() throws {
        let filter = try EventFilter(
            text: #"""
                {"type":["order-created"],"data":{"currency":["EUR","USD"],"total":{"gross":[{"numeric":[">",100]}]},
                "state":[{"anything-but":["cancelled","draft"]}],"customer":{"email":[{"suffix":"@example.com"}],
                "country":[{"equals-ignore-case":"de"}],"ip":[{"cidr":"10.0.0.0/8"}]},"note":[{"wildcard":"*gift*"}],
                "cart":{"sku":[{"prefix":"SKU-19"}],"quantity":[{"numeric":[">=",2]}]}}}
                """#.utf8)
        let items = (0..<10).map {
            #"{"sku":"SKU-\#(10 + $0)","name":"An item of a cart, number \#($0)","quantity":\#($0 % 3 + 1)}"#
        }
        let text =
            #"{"id":"68e4fe1d","currency":"EUR","total":{"net":"100.0","gross":119.90},"state":"paid","customer":{"#
            + #""email":"ann@example.com","country":"DE","ip":"10.20.30.40"},"note":"Please wrap it as a gift.","#
            + #""cart":[\#(items.joined(separator: ",")),{"sku":"SKU-19","quantity":2}]}"#
        let bytes = Array(text.utf8)
        let data = try JSONDocument(parsing: bytes).root
        let member: (String) -> EventFilter.Member? = { name in
            name == "data" ? .value(data) : name == "type" ? .text("order-created") : nil
        }
        #expect(filter.matches(member))
        let clock = ContinuousClock()
        var spans = (0..<20_000).map { _ in clock.measure { _ = filter.matches(member) } }
        spans.sort()
        var reading = (0..<20_000).map { _ in clock.measure { _ = try? JSONDocument(parsing: bytes) } }
        reading.sort()
        print(
            "ten conditions over \(bytes.count) bytes: p50 \(spans[10_000]), p99 \(spans[19_800]);",
            "reading the bytes before: p50 \(reading[10_000])")
    }
}
