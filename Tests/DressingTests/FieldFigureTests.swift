import Testing
import Webhooks

@testable import Dressing

/// A figure, not a promise of a test: `swift test -c release --filter FieldFigureTests` prints what dressing costs.
@Suite struct FieldFigureTests {
    @Test func dressingWithFields() throws {
        let webhook = try Sample.prepare { $0.fields = ["id", "total.gross", "customer.email", "cart.sku"] }
        let items = (0..<11).map { #"{"sku":"SKU-\#($0)","name":"An item of a cart, number \#($0)","quantity":1}"# }
        let data =
            #"{"id":"68e4fe1d","currency":"EUR","total":{"net":"100.0","gross":119.90},"state":"paid","#
            + #""customer":{"email":"ann@example.com","country":"DE"},"cart":[\#(items.joined(separator: ","))]}"#
        let event = Sample.event(data: data)
        let dresser = Dresser()
        let clock = ContinuousClock()
        var spans = (0..<20_000).map { _ in
            clock.measure { _ = dresser.dress(event, for: webhook, deliveryID: nil, at: Sample.now) }
        }
        spans.sort()
        print("dressing \(data.utf8.count) bytes with fields: p50 \(spans[10_000]), p99 \(spans[19_800])")
    }
}
