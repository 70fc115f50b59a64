import Synchronization

/// A fixed set of reactors, handed out in turn: one thread each.
public final class ReactorGroup: Sendable {
    private let reactors: [Reactor]
    private let turn = Atomic<Int>(0)

    /// - Parameter count: threads, at least 1.
    public init(count: Int) {
        precondition(count > 0, "a group has at least one reactor")
        reactors = (0..<count).map { _ in Reactor() }
    }

    /// The next reactor in turn.
    public func next() -> Reactor {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return reactors[(number & Int.max) % reactors.count]
    }

    /// Stops every reactor; see ``Reactor/stop()``.
    public func stop() { for reactor in reactors { reactor.stop() } }
}
