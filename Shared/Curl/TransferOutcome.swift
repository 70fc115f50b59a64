/// What became of a request, and what is known of the way there.
public struct TransferOutcome: Sendable {
    /// The answer, whatever its status: a 500 is an answer.
    public let result: Result<HTTPResponse, TransferFailure>
    public let timings: TransferTimings
    /// The address that was dialled, without its port; for a failure the last one tried. Nil when none was.
    public let remoteAddress: String?
    /// What had come of an answer when the transfer failed: its head, and of the body what was kept.
    public let partial: HTTPResponse?

    public init(
        result: Result<HTTPResponse, TransferFailure>, timings: TransferTimings = TransferTimings(),
        remoteAddress: String? = nil, partial: HTTPResponse? = nil
    ) {
        self.result = result
        self.timings = timings
        self.remoteAddress = remoteAddress
        self.partial = partial
    }
}

/// How long the phases of a transfer took. The first three are nil where there was no such phase (a connection that
/// was open already, plain HTTP) or where it never ended.
public struct TransferTimings: Sendable, Hashable {
    /// The name lookup alone.
    public var dns: Duration?
    /// The TCP handshake alone; nil too where the TLS handshake after it failed.
    public var connect: Duration?
    /// The TLS handshake alone.
    public var tls: Duration?
    /// From the start of the transfer to the first byte of the answer; nil when none came.
    public var firstByte: Duration?
    /// From the start of the transfer to its end; nil when it never started.
    public var total: Duration?

    public init(
        dns: Duration? = nil, connect: Duration? = nil, tls: Duration? = nil, firstByte: Duration? = nil,
        total: Duration? = nil
    ) {
        self.dns = dns
        self.connect = connect
        self.tls = tls
        self.firstByte = firstByte
        self.total = total
    }
}

/// An answer. Every byte of it is a stranger's.
public struct HTTPResponse: Sendable {
    /// As sent; three digits.
    public let status: Int
    /// Fields of the final head in their order: names in lower case, values as they came without the blanks around
    /// them. At most 64 KiB in all. Trailers are left out.
    public let headers: [(name: String, value: [UInt8])]
    /// The kept part of the body: bytes as they came, neither decompressed nor decoded.
    public let body: [UInt8]
    /// Whether more of the body came, or was announced, than was kept.
    public let isTruncated: Bool
    public let version: HTTPVersion

    public init(
        status: Int, headers: [(name: String, value: [UInt8])] = [], body: [UInt8] = [], isTruncated: Bool = false,
        version: HTTPVersion = .http1_1
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isTruncated = isTruncated
        self.version = version
    }
}

/// The version of HTTP that an answer came in.
public enum HTTPVersion: String, Sendable, Hashable {
    case http1_0 = "HTTP/1.0", http1_1 = "HTTP/1.1", http2 = "HTTP/2"
}
