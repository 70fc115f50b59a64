/// An HTTP request to be sent once: nothing is added to it but what the connection needs, nothing is followed.
public struct OutboundRequest: Sendable {
    /// `POST`, `PUT`, `PATCH`, `GET` or `DELETE`, each with or without a body.
    public var method: String
    /// Absolute, `http` or `https`, without credentials and fragment. An ASCII path and query are sent byte for byte.
    public var url: String
    /// Fields in the order and the spelling in which they are sent. Those that frame the message (`host`,
    /// `content-length`, `transfer-encoding`, `connection`, …) are the engine's.
    public var headers: [(name: String, value: String)]
    /// Sent with its `content-length`, never in chunks. Nil sends none (`content-length: 0` for POST, PUT, PATCH).
    public var body: [UInt8]?
    /// From the start to the last byte of the answer's body, 1 ms to a day.
    public var timeout: Duration
    /// From the start to the end of the TCP and TLS handshakes, name lookup included, 1 ms to a day.
    public var connectTimeout: Duration
    /// Bytes of the answer's body that are kept; those beyond are read and dropped.
    public var keptBodyBytes = 16 * 1024
    /// Bytes of the answer's body that are read; one more ends the transfer as `tooLarge`.
    public var maximumBodyBytes = 1024 * 1024

    /// What the client proves itself with where the receiver asks for it.
    public var clientCertificate: ClientCertificate?

    public init(
        method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(5), connectTimeout: Duration = .seconds(1)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
    }
}
