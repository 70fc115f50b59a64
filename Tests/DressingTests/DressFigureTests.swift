import Dressing
import Glibc
import Testing
import Webhooks

/// Figures, not promises of a test: `swift test -c release --filter DressFigureTests` prints what dressing a delivery
/// of 1 kB costs.
@Suite struct DressFigureTests {
    /// CPU time: other work of the machine does not count.
    private static var timeOfThread: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test(arguments: Dialect.allCases) func aDeliveryOf1KilobyteIsDressed(dialect: Dialect) throws {
        let items = (0..<8).map { #"{"name":"In Utero \#($0)","sku":"495841\#($0)","quantity":1,"gross":10.1125}"# }
        let customer = #"{"identifier":"bard@example.com","firstName":"Bård","lastName":"Farstad"}"#
        let note = String(repeating: "x", count: 300)
        let data =
            #"{"id":"68e4fe1da9733a66efd88673","createdAt":"2025-10-07T11:48:45.000Z","currency":"EUR","#
            + #""gross":45.1125,"customer":\#(customer),"cart":[\#(items.joined(separator: ","))],"note":"\#(note)"}"#
        let event = Sample.event(data: data)
        let webhook = try Sample.prepare { $0.dialect = dialect }
        #expect((1000...1100).contains(data.utf8.count))
        let count = 5_000
        var bytes = 0
        let start = Self.timeOfThread
        for attempt in 0..<count {
            bytes += Sample.dress(event, for: webhook, attempt: Int16(attempt & 15)).body?.count ?? 0
        }
        let took = (Self.timeOfThread - start) / count
        print("\(dialect): an event of \(data.utf8.count) bytes is dressed in \(took) of CPU time")
        #expect(bytes > count)
    }
}
