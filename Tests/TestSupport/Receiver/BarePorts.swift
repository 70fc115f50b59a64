import Glibc

/// A port of 127.0.0.1 that never answers a connection request: its listener's backlog is full, and stays so.
public final class BlackHole: Sendable {
    public let port: UInt16
    private let sockets: [CInt]

    /// - Throws: `TestReceiver.Failure` without a listening socket.
    public init() throws {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let listener = socket(AF_INET, type, 0)
        let bound = Loopback.withAddress(0) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, listen(listener, 0) == 0 else {
            throw TestReceiver.Failure.noSocket(errno: errno)
        }
        let port = Loopback.port(of: listener)
        // The kernel queues one or two more than asked for; connections beyond these get no answer.
        let fillers = (0..<4).map { _ in
            let filler = socket(AF_INET, type | CInt(SOCK_NONBLOCK.rawValue), 0)
            Loopback.withAddress(port) { _ = connect(filler, $0, $1) }
            return filler
        }
        self.port = port
        sockets = [listener] + fillers
    }

    deinit { for socket in sockets { close(socket) } }
}

/// A port of 127.0.0.1 where connections come about and nothing is ever read or said.
public final class SilentPort: Sendable {
    public let port: UInt16
    private let listener: CInt

    /// - Throws: `TestReceiver.Failure` without a listening socket.
    public init() throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        let bound = Loopback.withAddress(0) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, listen(listener, 128) == 0 else {
            throw TestReceiver.Failure.noSocket(errno: errno)
        }
        self.listener = listener
        port = Loopback.port(of: listener)
    }

    deinit { close(listener) }
}

/// A port of 127.0.0.1 that refuses: it is taken, so that nobody else gets it, and nobody listens.
public final class ClosedPort: Sendable {
    public let port: UInt16
    private let socket: CInt

    /// - Throws: `TestReceiver.Failure` without a socket.
    public init() throws {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0, Loopback.withAddress(0, { bind(socket, $0, $1) }) == 0 else {
            throw TestReceiver.Failure.noSocket(errno: errno)
        }
        self.socket = socket
        port = Loopback.port(of: socket)
    }

    deinit { close(socket) }
}
