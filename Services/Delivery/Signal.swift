/// Wakes one waiting loop; several calls before it looks count as one.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func raise() { continuation.yield() }

    /// Ends the loop over ``raised``.
    func finish() { continuation.finish() }

    /// Once for each raise, or for several that came together. For one reader.
    var raised: AsyncStream<Void> { stream }
}
