import Foundation

/// An order of about so many bytes. Its items differ, so that it packs as real ones do.
struct SamplePayload: Sendable {
    /// The event's text up to the resource's id, and from there on.
    let before: String
    let after: String

    /// - Parameter bytes: of the whole event as posted; at least 200 come out.
    init(bytes: Int) {
        before = #"{"type":"order-created","resourceId":"order-"#
        let head = #"","data":{"customer":{"firstName":"Bård","email":"baard@example.com"},"total":10.1125,"cart":["#
        let tail = "]}}"
        var digits = SeededDigits()
        var items: [String] = []
        var size = before.utf8.count + Self.resourceLength + head.utf8.count + tail.utf8.count
        while true {
            let item = Self.item(&digits)
            let cost = item.utf8.count + (items.isEmpty ? 0 : 1)
            if size + cost > bytes { break }
            items.append(item)
            size += cost
        }
        after = head + items.joined(separator: ",") + tail
    }

    /// Characters of a resource's number.
    static let resourceLength = 10

    func event(resource: String) -> String { before + resource + after }

    /// The value of `data` alone.
    var data: String {
        let start = after.range(of: #""data":"#)
        return start.map { String(after[$0.upperBound...].dropLast()) } ?? "{}"
    }

    private static func item(_ digits: inout SeededDigits) -> String {
        let names = ["In Utero", "Kind of Blue", "Blue Train", "Unplugged", "Mezzanine", "Debut", "Homogenic", "Dummy"]
        let name = names[digits.next(below: names.count)]
        let sku = (0..<9).map { _ in String(digits.next(below: 10)) }.joined()
        let gross = digits.next(below: 90_000) + 1_000
        let price = #"{"currency":"EUR","gross":\#(gross),"net":\#(gross * 4 / 5)}"#
        return #"{"name":"\#(name)","sku":"\#(sku)","quantity":\#(digits.next(below: 9) + 1),"price":\#(price)}"#
    }
}

/// The same digits in every run.
private struct SeededDigits {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next(below bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}
