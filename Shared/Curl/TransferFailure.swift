/// Why no whole answer came.
public enum TransferFailure: Error, Sendable, Hashable {
    /// The request cannot be sent as it is, and was not; the text says what is wrong and quotes no value.
    case invalid(String)
    /// The host's name has no address, or none was found before the connect timeout.
    case unresolved
    /// No address of the host may be called; the text is the last one refused, with its port if that is the reason.
    case forbidden(String)
    /// Nobody listens at the address.
    case refused
    /// The peer closed or reset the connection before its answer was whole.
    case reset
    /// No connection within the connect timeout.
    case connectTimedOut
    /// No whole answer within the total timeout.
    case timedOut
    /// No trusted connection: the certificate or the handshake; the text says why.
    case tls(String)
    /// The answer's head is over 64 KiB, or its body over the limit.
    case tooLarge
    /// The request was not sent: there is no access token for it, as the request for one failed.
    indirect case noToken(TransferFailure)
    /// Likewise, as the token endpoint answered so; with 200 where its answer was no token.
    case tokenRefused(status: Int, reason: String)
    /// Cancelled by the caller, or the engine was closed.
    case cancelled
    /// Anything else: libcurl's code and its text.
    case other(code: Int, text: String)

    /// A sentence for the history of a delivery.
    public var explanation: String {
        switch self {
        case .invalid(let reason): "The request cannot be sent: \(reason)."
        case .unresolved: "The host's name was not found."
        case .forbidden(let address): "The address \(address) may not be called."
        case .refused: "The connection was refused."
        case .reset: "The receiver closed the connection before its answer was whole."
        case .connectTimedOut: "No connection within the connect timeout."
        case .timedOut: "No whole answer within the timeout."
        case .tls(let reason): "No trusted connection: \(reason)."
        case .tooLarge: "The answer is too large."
        case .noToken(let failure): "No access token: \(failure.explanation)"
        case .tokenRefused(200, _): "No access token: the token endpoint's answer is none."
        case .tokenRefused(let status, let reason):
            "No access token: the token endpoint answered \(status)\(reason.isEmpty ? "" : " (\(reason))")."
        case .cancelled: "The request was cancelled."
        case .other(let code, let text): "\(text) (\(code))."
        }
    }
}
