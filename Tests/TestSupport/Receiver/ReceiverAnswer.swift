/// What a ``TestReceiver`` does with a request.
public struct ReceiverAnswer: Sendable {
    /// How the connection goes on after the answer.
    public enum Ending: Sendable { case keptOpen, closed, reset, hanging }

    /// How much of an answer is sent.
    public enum Extent: Sendable { case nothing, head, whole }

    public var status = 200
    /// Sent after `content-length`, as they are.
    public var headers: [(name: String, value: String)] = []
    public var body: [UInt8] = []
    /// Of ``body``, sent again and again; nil: once.
    public var repeatedUpTo: Int?
    /// Announced in place of the real length; negative: no `content-length` at all.
    public var contentLength: Int?
    /// Before the first byte.
    public var delay: Duration = .zero
    /// Of the whole answer, head and body; nil: as fast as it goes.
    public var bytesPerSecond: Int?
    public var extent = Extent.whole
    public var ending = Ending.keptOpen
    /// Sent in place of head and body.
    public var raw: [UInt8]?

    public init(status: Int = 200, headers: [(name: String, value: String)] = [], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = Array(body.utf8)
    }

    public static let ok = ReceiverAnswer()

    public static func status(_ status: Int) -> ReceiverAnswer { ReceiverAnswer(status: status) }

    /// Nothing, and the connection stays open until the client closes it.
    public static var hang: ReceiverAnswer { ok.with { ($0.extent, $0.ending) = (.nothing, .hanging) } }

    /// Head and body slowly: `body` repeated up to `bytes`, at `bytesPerSecond`.
    public static func drip(bytes: Int, bytesPerSecond: Int) -> ReceiverAnswer {
        ReceiverAnswer(body: ".").with { ($0.repeatedUpTo, $0.bytesPerSecond) = (bytes, bytesPerSecond) }
    }

    public static var closeBeforeHead: ReceiverAnswer { ok.with { ($0.extent, $0.ending) = (.nothing, .closed) } }

    /// A head that announces a body, and the end of the connection.
    public static var closeAfterHead: ReceiverAnswer {
        ok.with { ($0.extent, $0.ending, $0.contentLength) = (.head, .closed, 100) }
    }

    /// A TCP reset (SO_LINGER 0) in place of an answer.
    public static var reset: ReceiverAnswer { ok.with { ($0.extent, $0.ending) = (.nothing, .reset) } }

    /// Bytes that are no HTTP, and the end of the connection.
    public static func garbage(_ bytes: [UInt8]) -> ReceiverAnswer {
        ok.with { ($0.raw, $0.ending) = (bytes, .closed) }
    }

    /// A body of `bytes`, announced or (``contentLength`` −1) ended by the end of the connection.
    public static func huge(bytes: Int, isAnnounced: Bool = true) -> ReceiverAnswer {
        ok.with {
            $0.body = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
            $0.repeatedUpTo = bytes
            ($0.contentLength, $0.ending) = isAnnounced ? (nil, .keptOpen) : (-1, .closed)
        }
    }

    /// A copy with changes.
    public func with(_ change: (inout ReceiverAnswer) -> Void) -> ReceiverAnswer {
        var copy = self
        change(&copy)
        return copy
    }

    var bodyLength: Int { body.isEmpty ? 0 : repeatedUpTo ?? body.count }

    var head: [UInt8] {
        var lines = ["HTTP/1.1 \(status) Test"]
        let length = contentLength ?? bodyLength
        if length >= 0 { lines.append("content-length: \(length)") }
        lines += headers.map { "\($0.name): \($0.value)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
