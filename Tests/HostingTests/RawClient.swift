import Foundation
import Glibc

/// A client that sends whatever bytes it likes, on a thread of its own.
struct RawClient: Sendable {
    struct Failure: Error { let call: String, code: Int32 }

    private let socket: Int32

    /// Connects to a port of 127.0.0.1; reading and writing give up after `patience` seconds.
    init(port: Int, patience: Int = 20) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure(call: "socket", code: errno) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            Glibc.close(socket)
            throw Failure(call: "connect", code: code)
        }
    }

    func close() { Glibc.close(socket) }

    /// Says that nothing more will be sent.
    func finish() { shutdown(socket, Int32(SHUT_WR)) }

    func send(_ text: String) async throws {
        try await onThread {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Failure(call: "send", code: errno) }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// What comes until `text` is in it; all that came where the server ends the connection before.
    func read(until text: String) async throws -> String { try await read { $0.contains(text) } }

    /// What comes until the server ends the connection.
    func readToEnd() async throws -> String { try await read { _ in false } }

    private func read(until isEnough: @escaping @Sendable (String) -> Bool) async throws -> String {
        try await onThread {
            var bytes: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 4096)
            while !isEnough(String(decoding: bytes, as: UTF8.self)) {
                let count = recv(socket, &part, part.count, 0)
                if count == 0 || (count < 0 && errno == ECONNRESET) { break }
                guard count > 0 else { throw Failure(call: "recv", code: errno) }
                bytes += part[..<count]
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
        }
    }
}
