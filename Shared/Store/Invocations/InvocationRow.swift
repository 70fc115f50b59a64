public import Webhooks

/// A row of `invocations`, as it is written.
///
/// A class because all its columns are taken out of it one by one: as a struct its texts would be counted each time.
public final class InvocationRow: Sendable {
    public let invocation: Invocation
    /// The data that was sent, as it is stored with an event: the request is packed with it.
    private let eventData: [UInt8]?
    /// That event, where it is not the invocation's.
    let dataEventID: Event.ID?

    /// - Parameters:
    ///   - eventData: whole, whatever of it was sent; nil where nothing was.
    ///   - dataEventID: whose it is; nil: it is the own data of the invocation's event.
    public init(_ invocation: Invocation, eventData: [UInt8]? = nil, dataEventID: Event.ID? = nil) {
        self.invocation = invocation
        self.eventData = eventData
        self.dataEventID = dataEventID
    }

    var storedRequest: [UInt8]? { invocation.request?.stored(besides: eventData) }
}
