import Hosting
import Hummingbird
import JSON
import NIOCore
import Postgres
import ServiceLifecycle
import Store
import Webhooks

/// The requests of one webhook as server-sent events, from when it begins until it is told to end.
///
/// An id is drawn when a request begins and its row comes when it has ended, so newer ids may be there first: what is
/// new is told by what was seen, never by a greatest id.
final class InvocationStream: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Rows that one look takes; a webhook that makes more in a second shows the newest of them.
    static let window = 50
    /// Beats without an event after which a comment shows that the connection lives.
    private static let silence = 5

    private let pool: PostgresPool
    private let tenant: Tenant.ID
    private let selection: InvocationSelection
    private let end: Instant
    private let interval: Duration
    private let place: StreamCounter.Place
    private let first: Set<Invocation.ID>

    /// - Parameters:
    ///   - known: what is not told.
    ///   - end: when it ends; clients come again.
    init(
        pool: PostgresPool, selection: InvocationSelection, known: [Invocation], until end: Instant,
        every interval: Duration, place: StreamCounter.Place
    ) {
        self.pool = pool
        tenant = selection.tenant
        self.selection = selection
        self.end = end
        self.interval = interval
        self.place = place
        first = Set(known.map(\.id))
    }

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    struct Iterator: AsyncIteratorProtocol {
        private let stream: InvocationStream
        private var beats: AsyncCancelOnGracefulShutdownSequence<Ticker<ContinuousClock>>.AsyncIterator
        private var seen: Set<Invocation.ID>
        private var silent = 0
        private var isGreeted = false

        fileprivate init(_ stream: InvocationStream) {
            self.stream = stream
            beats = Ticker(every: stream.interval).cancelOnGracefulShutdown().makeAsyncIterator()
            seen = stream.first
        }

        mutating func next() async throws -> ByteBuffer? { try await next(isolation: nil) }

        mutating func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> ByteBuffer? {
            guard isGreeted else {
                isGreeted = true
                return ByteBuffer(string: ": live\n\n")
            }
            while await beats.next(isolation: actor) != nil, Instant.now < stream.end, let rows = await stream.look() {
                let fresh = rows.filter { !seen.contains($0.id) }
                seen = Set(rows.map(\.id)).union(seen.filter { id in rows.last.map { id > $0.id } ?? true })
                guard fresh.isEmpty else {
                    silent = 0
                    return ByteBuffer(bytes: InvocationStream.text(of: fresh.reversed()))
                }
                silent += 1
                guard silent >= InvocationStream.silence else { continue }
                silent = 0
                return ByteBuffer(string: ": still here\n\n")
            }
            return nil
        }
    }

    /// Nil where the webhook is gone, or the database away: the client comes again and is told.
    private func look() async -> [Invocation]? {
        do {
            let (_, found, rows) = try await pool.transact(
                SetTenantContext(tenant: tenant), FindWebhook(id: selection.webhook, tenant: tenant),
                ListInvocations(selection))
            return found.isEmpty ? nil : rows
        } catch { return nil }
    }

    /// One `invocation` event each, its data the whole of it on one line.
    private static func text(of invocations: some Sequence<Invocation>) -> [UInt8] {
        var text: [UInt8] = []
        for invocation in invocations {
            var writer = JSONWriter()
            InvocationRepresentation(invocation: invocation).write(to: &writer)
            text += Array("event: invocation\nid: \(invocation.id)\ndata: ".utf8) + writer.bytes + Array("\n\n".utf8)
        }
        return text
    }
}
