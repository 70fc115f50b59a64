import Webhooks

/// The body of a 202, written from bytes.
enum AcceptedAnswer {
    /// `{"id":"evt_…","duplicate":false,"deliveries":2}` for a single event, else `{"events":[…]}`.
    static func body(of events: [AcceptedEvent], isSingle: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(events.count * 80 + 16)
        if isSingle, let event = events.first {
            append(event, to: &text)
            return text
        }
        text.append(contentsOf: #"{"events":["#.utf8)
        for (index, event) in events.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(event, to: &text)
        }
        text.append(contentsOf: "]}".utf8)
        return text
    }

    private static func append(_ event: AcceptedEvent, to text: inout [UInt8]) {
        text.append(contentsOf: #"{"id":""#.utf8)
        text.append(contentsOf: event.id.description.utf8)
        text.append(contentsOf: (event.isDuplicate ? #"","duplicate":true,"# : #"","duplicate":false,"#).utf8)
        text.append(contentsOf: #""deliveries":"#.utf8)
        text.append(contentsOf: String(event.deliveries).utf8)
        text.append(UInt8(ascii: "}"))
    }
}
