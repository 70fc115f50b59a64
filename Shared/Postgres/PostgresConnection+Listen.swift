import CPostgres
import Epoll

/// What a `NOTIFY` said.
public struct PostgresNotification: Sendable, Hashable {
    public let channel: String
    /// Empty when the sender gave none.
    public let payload: String
    /// The server process of the sender's session; see ``PostgresConnection/processID``.
    public let processID: Int32
}

/// The notifications of one channel, from the moment that ``PostgresConnection/listen(to:)`` returned.
///
/// A reader that is slow loses the oldest of more than 1 024. When the session dies the sequence throws `.lost`, and
/// whoever reads it listens anew: notifications sent in between are gone, so look for what they would have said.
public struct PostgresNotifications: AsyncSequence, Sendable {
    public typealias Element = PostgresNotification
    public typealias Failure = PostgresError

    let stream: AsyncThrowingStream<PostgresNotification, any Error>

    /// Reads the notifications; when its task is cancelled, the sequence ends.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var iterator: AsyncThrowingStream<PostgresNotification, any Error>.Iterator

        public mutating func next() async throws(PostgresError) -> PostgresNotification? {
            try await next(isolation: #isolation)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(PostgresError) -> PostgresNotification? {
            do { return try await iterator.next(isolation: actor) } catch {
                throw error as? PostgresError ?? .lost("\(error)")
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(iterator: stream.makeAsyncIterator()) }
}

/// Whoever reads the notifications of a channel of this session.
struct Listener {
    let id: Int
    let channel: String
    let stream: AsyncThrowingStream<PostgresNotification, any Error>.Continuation
    let onEnd: @Sendable () -> Void
}

extension PostgresConnection {
    /// Listens to a channel; ends with the sequence. Notifications come whether or not a statement is under way.
    public func listen(to channel: String) async throws(PostgresError) -> PostgresNotifications {
        try await listen(to: channel, onEnd: {})
    }

    /// Sends a notification, in a transaction of its own.
    ///
    /// - Parameters:
    ///   - channel: at most 63 bytes.
    ///   - payload: less than 8 000 bytes.
    public nonisolated func notify(_ channel: String, payload: String = "") async throws(PostgresError) {
        _ = try await execute(Notify(channel: channel, payload: payload))
    }

    /// Returns when the session is over, or when the task is cancelled: look at ``isOpen``.
    public func untilEnd() async {
        guard session != nil else { return }
        lastEndWaiter += 1
        let id = lastEndWaiter
        await withTaskCancellationHandler {
            await withCheckedContinuation { endWaiters[id] = $0 }
        } onCancel: {
            reactor.perform { self.assumeIsolated { $0.endWaiters.removeValue(forKey: id)?.resume() } }
        }
    }

    func listen(
        to channel: String, onEnd: @escaping @Sendable () -> Void
    ) async throws(PostgresError) -> PostgresNotifications {
        guard !channel.isEmpty, channel.utf8.count < 64, !channel.utf8.contains(0) else {
            throw .encoding("a channel's name has 1 to 63 bytes and no NUL")
        }
        lastListener += 1
        let id = lastListener
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: PostgresNotification.self, bufferingPolicy: .bufferingNewest(1024))
        listeners.append(Listener(id: id, channel: channel, stream: continuation, onEnd: onEnd))
        do throws(PostgresError) {
            try await run("LISTEN \(Self.quoted(channel))")
        } catch {
            listeners.removeAll { $0.id == id }
            throw error
        }
        continuation.onTermination = { [weak self, reactor] _ in
            reactor.perform { [weak self] in self?.assumeIsolated { $0.removeListener(id) } }
        }
        return PostgresNotifications(stream: stream)
    }

    private func removeListener(_ id: Int) {
        guard let index = listeners.firstIndex(where: { $0.id == id }) else { return }
        let listener = listeners.remove(at: index)
        defer { listener.onEnd() }
        guard let session, script == nil, !listeners.contains(where: { $0.channel == listener.channel }) else { return }
        guard PQsendQueryParams(session, "UNLISTEN \(Self.quoted(listener.channel))", 0, nil, nil, nil, nil, 1) == 1
        else {
            return end(message)
        }
        let batch = Batch()
        owed.append(.reply(Reply(to: batch, plan: Self.noPlan)))
        sync(batch)
    }

    func readNotifications() {
        guard !listeners.isEmpty else { return }
        while let session, let pointer = PQnotifies(session) {
            defer { PQfreemem(pointer) }
            let notification = PostgresNotification(
                channel: String(cString: pointer.pointee.relname), payload: String(cString: pointer.pointee.extra),
                processID: pointer.pointee.be_pid)
            for listener in listeners where listener.channel == notification.channel {
                listener.stream.yield(notification)
            }
        }
    }

    /// Sends a command that is not worth a plan.
    private func run(_ command: String) async throws(PostgresError) {
        try requireOpen()
        guard let session, PQsendQueryParams(session, command, 0, nil, nil, nil, nil, 1) == 1 else {
            let message = message
            end(message)
            throw .connection(message)
        }
        let batch = Batch()
        owed.append(.reply(Reply(to: batch, plan: Self.noPlan)))
        sync(batch)
        try await batch.settled()
    }

    private static var noPlan: Plan { Plan(key: ObjectIdentifier(Plan.self), name: "") }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

/// Sends a notification.
struct Notify: Statement {
    static let sql = "SELECT pg_notify($1, $2)"
    let channel: String
    let payload: String

    func bind(_ parameters: inout Parameters) {
        parameters.append(channel)
        parameters.append(payload)
    }
    static func decode(_ row: borrowing RowReader) throws(PostgresError) {}
}
