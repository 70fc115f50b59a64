import Glibc

/// Reads requests from a socket, one after the other.
struct RequestReader {
    struct Request {
        let method: String
        let target: String
        let version: String
        let headerLines: [String]
        let body: [UInt8]
    }

    let socket: CInt
    private var buffer: [UInt8] = []
    private var start = 0

    init(socket: CInt) { self.socket = socket }

    /// Nil when the client closed the connection, or sent what is no request.
    mutating func next() -> Request? {
        while buffer.count == start { guard fill() != nil else { return nil } }
        guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(buffer[start]) else { return nil }  // TLS, perhaps
        guard let first = line() else { return nil }
        let words = first.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3 else { return nil }
        var headerLines: [String] = []
        while let line = line(), !line.isEmpty { headerLines.append(line) }
        guard let body = body(headerLines) else { return nil }
        return Request(
            method: words[0], target: words[1], version: words[2], headerLines: headerLines, body: body)
    }

    private mutating func body(_ headerLines: [String]) -> [UInt8]? {
        let fields = headerLines.map { line in
            line.lowercased().split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks() }
        }
        if fields.contains(["transfer-encoding", "chunked"]) { return chunks() }
        guard let length = fields.first(where: { $0.first == "content-length" })?.last.flatMap(Int.init) else {
            return []
        }
        return take(length)
    }

    private mutating func chunks() -> [UInt8]? {
        var body: [UInt8] = []
        while let size = line().flatMap({ Int($0, radix: 16) }) {
            guard let chunk = take(size), line() != nil else { return nil }
            guard size > 0 else { return body }
            body += chunk
        }
        return nil
    }

    /// Up to the next line feed, without the line's end.
    private mutating func line() -> String? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[start..<end]
                start = end + 1
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            searched = buffer.count
            guard let dropped = fill() else { return nil }
            searched -= dropped
        }
    }

    private mutating func take(_ count: Int) -> [UInt8]? {
        while buffer.count - start < count {
            guard fill() != nil else { return nil }
        }
        defer { start += count }
        return Array(buffer[start..<start + count])
    }

    /// Reads more. Nil at the end; else how many bytes went from the buffer's front.
    private mutating func fill() -> Int? {
        let dropped = start
        buffer.removeFirst(dropped)
        start = 0
        var piece = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = recv(socket, &piece, piece.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            buffer += piece[..<count]
            return dropped
        }
    }
}
