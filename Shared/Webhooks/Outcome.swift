/// How an invocation, or a settling without a request, ended. Raw values are those of `invocations.outcome`.
public enum Outcome: Int16, Hashable, Sendable, CaseIterable {
    case succeeded = 0, failed, debounced, discarded

    public var name: String { ["succeeded", "failed", "debounced", "discarded"][Int(rawValue)] }
}

/// Why an invocation failed. Raw values are those of `invocations.error_class` and of the `e0`…`e15` counters.
public enum ErrorClass: Int16, Hashable, Sendable, CaseIterable {
    case timeout = 0, connectTimeout, dns, connectionRefused, connectionReset, tls, forbiddenAddress
    case http3xx, http4xx, http401or403, http410, http429, http5xx
    case tooLarge, payloadQuery, other

    private static let names = [
        "timeout", "connect_timeout", "dns", "connection_refused", "connection_reset", "tls", "forbidden_address",
        "http_3xx", "http_4xx", "http_401_403", "http_410", "http_429", "http_5xx", "too_large", "payload_query",
        "other",
    ]

    public var name: String { Self.names[Int(rawValue)] }

    /// The class of an answered request; nil for 2xx, which is success.
    public init?(status: Int) {
        switch status {
        case 200..<300: return nil
        case 300..<400: self = .http3xx
        case 401, 403: self = .http401or403
        case 410: self = .http410
        case 429: self = .http429
        case 400..<500: self = .http4xx
        case 500..<600: self = .http5xx
        default: self = .other
        }
    }
}
