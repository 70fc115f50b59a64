import Glibc

/// A port that takes connections and says nothing, on any IPv4 address: to see that nobody came.
public final class SilentListener: Sendable {
    private let listener: CInt

    public init(address: String, port: UInt16) throws {
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        target.sin_addr.s_addr = inet_addr(address)
        let bound = withUnsafeBytes(of: &target) {
            bind(listener, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard bound == 0, listen(listener, 8) == 0 else {
            defer { close(listener) }
            throw TestReceiver.Failure.noSocket(errno: errno)
        }
    }

    deinit { close(listener) }

    /// Whether a connection waits to be taken.
    public var hasCaller: Bool {
        var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) > 0
    }
}
