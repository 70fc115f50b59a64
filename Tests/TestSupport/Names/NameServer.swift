import Foundation
import Glibc
import Synchronization

/// A DNS server for A records on port 53 of an address of its own, 127.53.53.53. For root.
public final class NameServer: Sendable {
    /// What `/etc/resolv.conf` has to say for this server to be asked.
    public static let configuration = "nameserver 127.53.53.53\noptions timeout:1 attempts:2\n"

    private let socket: CInt
    private let answers: Mutex<[String: [String]]>

    /// - Parameter answers: IPv4 addresses by name in lower case; all other names do not exist.
    public init(_ answers: [String: [String]]) throws {
        self.answers = Mutex(answers)
        socket = Glibc.socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = inet_addr("127.53.53.53")
        let bound = withUnsafeBytes(of: &address) {
            bind(socket, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard bound == 0 else {
            defer { close(socket) }
            throw TestReceiver.Failure.noSocket(errno: errno)
        }
        Thread { [socket, weak self] in
            Self.serve(socket) { name in self?.answers.withLock { $0[name] } }
            close(socket)
        }.start()
    }

    deinit { shutdown(socket, CInt(SHUT_RDWR)) }

    /// From now on the name has other addresses.
    public func change(_ name: String, to addresses: String...) { answers.withLock { $0[name] = addresses } }

    private static func serve(_ socket: CInt, _ addresses: (String) -> [String]?) {
        var packet = [UInt8](repeating: 0, count: 512)
        var peer = sockaddr_in()
        while true {
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutableBytes(of: &peer) {
                recvfrom(socket, &packet, 512, 0, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
            }
            guard count > 0 else { return }
            guard let answer = answer(Array(packet[..<count]), addresses) else { continue }
            _ = withUnsafeBytes(of: &peer) {
                sendto(
                    socket, answer, answer.count, 0, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length)
            }
        }
    }

    /// RFC 1035 § 4: the question again, and an A record for each address, to be forgotten at once.
    private static func answer(_ query: [UInt8], _ addresses: (String) -> [String]?) -> [UInt8]? {
        var labels: [String] = []
        var end = 12
        while end < query.count, query[end] > 0 {
            let next = end + 1 + Int(query[end])
            guard next < query.count else { return nil }
            labels.append(String(decoding: query[(end + 1)..<next], as: UTF8.self).lowercased())
            end = next
        }
        end += 5
        guard query.count >= end, query.count > 12 else { return nil }
        let isA = query[end - 4] == 0 && query[end - 3] == 1
        let known = addresses(labels.joined(separator: "."))
        let records = isA ? known ?? [] : []
        var answer = Array(query[..<2]) + [0x81, known == nil ? 0x83 : 0x80, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        answer += query[12..<end]
        for record in records {
            answer += [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]
            answer += record.split(separator: ".").compactMap { UInt8($0) }
        }
        return answer
    }
}
