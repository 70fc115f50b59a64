public import Webhooks

/// A row of `invocations`, as it is written.
///
/// A class because all its columns are taken out of it one by one: as a struct its texts would be counted each time.
public final class InvocationRow: Sendable {
    public let invocation: Invocation
    /// `data` of the event that was sent, if it was: the request is packed with it.
    private let eventData: [UInt8]?

    public init(_ invocation: Invocation, eventData: [UInt8]? = nil) {
        self.invocation = invocation
        self.eventData = eventData
    }

    var storedRequest: [UInt8]? { invocation.request?.stored(besides: eventData) }
}
