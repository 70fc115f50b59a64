import Epoll
import Foundation

/// Takes HTTP/1.1 requests that say their length, and answers each with 204 when it is told to.
///
/// No server library: it costs little beside what is measured, and may be closed at any moment.
actor RequestSocket {
    /// A connection, with what came of a request that is not whole yet.
    private final class Client {
        let descriptor: CInt
        /// Never given twice, as descriptors are.
        let number: Int
        var bytes: [UInt8] = []

        init(descriptor: CInt, number: Int) {
            self.descriptor = descriptor
            self.number = number
        }
    }

    nonisolated let port: Int
    private nonisolated let reactor = Reactor()
    nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

    private let listener: CInt
    private var clients: [CInt: Client] = [:]
    private var accepted = 0
    private let take: @Sendable (_ webhookID: String) -> Duration
    private static let answer = Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)

    /// - Parameter take: gets the `webhook-id` of each request, and says how long its answer is to wait.
    init(take: @escaping @Sendable (_ webhookID: String) -> Duration) throws {
        self.take = take
        port = try StackPorts.free()
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) == 0 }
        }
        guard isBound, Glibc.listen(listener, 4096) == 0 else { throw CommandFailure("no port is free") }
        Self.makeNonblocking(listener)
    }

    private static func makeNonblocking(_ descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    func listen() {
        reactor.watch(listener, for: .read) { [weak self] _ in self?.assumeIsolated { $0.acceptAll() } }
    }

    func close() {
        reactor.unwatch(listener)
        Glibc.close(listener)
        for client in clients.values { drop(client) }
    }

    /// After ``close()``.
    nonisolated func end() { reactor.stop() }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            Self.makeNonblocking(descriptor)
            accepted += 1
            clients[descriptor] = Client(descriptor: descriptor, number: accepted)
            reactor.watch(descriptor, for: .read) { [weak self] _ in self?.assumeIsolated { $0.read(descriptor) } }
        }
    }

    private func drop(_ client: Client) {
        guard clients[client.descriptor] === client else { return }
        reactor.unwatch(client.descriptor)
        Glibc.close(client.descriptor)
        clients[client.descriptor] = nil
    }

    private func read(_ descriptor: CInt) {
        guard let client = clients[descriptor] else { return }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        guard count > 0 else { return drop(client) }
        client.bytes += buffer[..<count]
        while let request = RequestHead(client.bytes), client.bytes.count >= request.size {
            client.bytes.removeFirst(request.size)
            answer(client, after: take(request.webhookID))
        }
        if client.bytes.count > 8 << 20 { drop(client) }
    }

    private func answer(_ client: Client, after delay: Duration) {
        let (descriptor, number) = (client.descriptor, client.number)
        guard delay > .zero else { return answer(descriptor, number) }
        reactor.alarm(after: delay) { [weak self] in
            self?.assumeIsolated { $0.answer(descriptor, number) }
        }
    }

    private func answer(_ descriptor: CInt, _ number: Int) {
        guard let client = clients[descriptor], client.number == number else { return }
        let sent = send(descriptor, Self.answer, Self.answer.count, CInt(MSG_NOSIGNAL))
        if sent != Self.answer.count { drop(client) }
    }
}

/// What the receiver must know of a request.
struct RequestHead: Equatable {
    /// Empty where there is none.
    let webhookID: String
    /// Of the whole request, in bytes.
    let size: Int

    /// Nil until the head is whole.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        var (id, length) = ("", 0)
        for line in String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "webhook-id": id = value
            case "content-length": length = Int(value) ?? 0
            default: break
            }
        }
        webhookID = id
        size = end.upperBound + max(0, min(length, 64 << 20))
    }
}
