import Store
import Webhooks

/// The event types that one tenant can use: the catalogue's, and its own.
struct OwnTypes {
    let catalogue: EventCatalogue
    private let own: [String: TenantEventType]

    init(_ types: [TenantEventType], beside catalogue: EventCatalogue) {
        self.catalogue = catalogue.adding(types.map(\.type))
        own = Dictionary(types.map { ($0.type.name, $0) }, uniquingKeysWith: { one, _ in one })
    }

    /// Nil for a type of the catalogue.
    func own(_ type: EventType) -> TenantEventType? { own[type.name] }

    /// Compact JSON text of an event's data.
    func example(of type: EventType) -> [UInt8] {
        guard let own = own[type.name] else { return EventExamples.standard.data(of: type) }
        return own.example.map { Array($0.utf8) } ?? EventExamples.standard.data(of: type)
    }

    /// The type that a webhook's first entry stands for; of a pattern, the first type that it matches.
    func first(of events: [String]) -> EventType {
        for entry in events {
            if let type = catalogue.type(named: entry) { return type }
            if let pattern = EventPattern(entry), let type = catalogue.types.first(where: { pattern.matches($0.name) })
            {
                return type
            }
            if let type = EventType(openName: entry) { return type }
        }
        return EventType(name: "test", resource: "test", action: "test")
    }
}
