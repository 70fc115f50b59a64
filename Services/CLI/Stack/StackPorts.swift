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

    /// Whether a server could listen on the loopback address now.
    static func isFree(_ port: Int) -> Bool { (try? bound(to: port)) != nil }

    static func free() throws -> Int { try bound(to: 0) }

    /// Binds and lets go again.
    private static func bound(to port: Int) throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 && listen(descriptor, 1) == 0
                    ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard descriptor >= 0, code == 0 else { throw CommandFailure("port \(port) is taken") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
