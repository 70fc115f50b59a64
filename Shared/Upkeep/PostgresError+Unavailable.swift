public import Postgres

extension PostgresError {
    /// Whether a request that meets it is answered 503: nothing in the request is wrong, and it may be repeated.
    public var meansUnavailable: Bool { isRetryable || isUncertain || self == .cancelled }
}
