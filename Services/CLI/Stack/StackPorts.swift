import Foundation

/// Which part of the stack listens where. A port once taken stays that part's, so that URLs outlive a restart.
struct StackPorts {
    private var file: SettingsFile
    private let path: String

    init(in directory: StackDirectory) {
        path = directory.portsFile
        file = SettingsFile(path: path)
    }

    /// The port that `name` has; nil if it never ran.
    subscript(name: String) -> Int? { file.values[name].flatMap { Int($0) } }

    /// The port for `name`, which does not run now: the one asked for, else the one it had, else `standard`.
    /// - Parameter asked: 0 takes the one it had, else any that is free; nil if nothing was said.
    mutating func choose(for name: String, asked: Int?, standard: Int) throws -> Int {
        let had = self[name]
        let port =
            switch asked {
            case .some(let port) where port > 0: port
            case .some: try had ?? Self.free()
            case nil: had ?? standard
            }
        guard Self.isFree(port) else {
            throw CommandFailure("port \(port) for \(name) is taken by another process; choose one with --\(name)-port")
        }
        if had != port {
            file.values[name] = String(port)
            try file.write(to: path)
        }
        return port
    }

    /// A port that nobody listens on, below those that Linux gives to clients: between this look and the server's start
    /// no outgoing connection can take it.
    static func free() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 15_000..<32_000)
            if isFree(port) { return port }
        }
        throw CommandFailure("no free port was found between 15000 and 32000")
    }

    /// Whether a server could listen on the loopback address now: binds and lets go again.
    static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 && listen(descriptor, 1) == 0
            }
        }
    }
}
