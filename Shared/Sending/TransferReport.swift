public import Curl
public import Webhooks

/// What the history says of a request that was sent.
public struct TransferReport: Sendable {
    /// Of the answer, where one came, be it cut short.
    public let status: Int16?
    /// Nil: it succeeded, by a status of 2xx.
    public let failure: ErrorClass?
    /// A sentence of ours; nil where it succeeded.
    public let detail: String?
    public let response: RecordedResponse?
    public let timings: Invocation.Timings

    public init(_ outcome: TransferOutcome) {
        let answer: HTTPResponse?
        switch outcome.result {
        case .success(let whole):
            answer = whole
            failure = ErrorClass(status: whole.status)
            detail = failure == nil ? nil : "The receiver answered \(whole.status)."
        case .failure(let reason):
            answer = outcome.partial
            failure = ErrorClass(reason)
            detail = reason.explanation
        }
        status = answer.map { Int16(clamping: $0.status) }
        response = answer.map {
            RecordedResponse(
                headers: $0.headers.map { HeaderField(name: $0.name, value: $0.value) }, body: $0.body,
                isTruncated: $0.isTruncated)
        }
        timings = Invocation.Timings(outcome.timings)
    }
}

extension ErrorClass {
    /// The class of a request that was not answered.
    public init(_ failure: TransferFailure) {
        switch failure {
        case .timedOut: self = .timeout
        case .connectTimedOut: self = .connectTimeout
        case .unresolved: self = .dns
        case .refused: self = .connectionRefused
        case .reset: self = .connectionReset
        case .tls: self = .tls
        case .forbidden: self = .forbiddenAddress
        case .tooLarge: self = .tooLarge
        case .noToken(let failure): self.init(failure)
        // A token endpoint that is gone says nothing of the receiver.
        case .tokenRefused(let status, _): self = status == 410 ? .http4xx : ErrorClass(status: status) ?? .other
        case .invalid, .cancelled, .other: self = .other
        }
    }
}

extension Invocation.Timings {
    /// In whole microseconds.
    public init(_ timings: TransferTimings) {
        func microseconds(_ duration: Duration?) -> Int32? {
            duration.map { Int32(clamping: Int64($0 / .microseconds(1))) }
        }
        self.init(
            dns: microseconds(timings.dns), connect: microseconds(timings.connect), tls: microseconds(timings.tls),
            firstByte: microseconds(timings.firstByte))
    }
}
