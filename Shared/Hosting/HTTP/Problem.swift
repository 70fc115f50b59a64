public import Hummingbird

/// An error answer, `application/problem+json` (RFC 9457), thrown from wherever a request goes wrong.
///
/// Texts are for people outside: never a secret, SQL, a stack trace or another tenant's data.
public struct Problem: Error, Sendable {
    /// One fault of a request body or parameter.
    public struct Fault: Error, Sendable, Equatable {
        /// A path such as `url`, `events[0]`, `headers.host`, in a batch `[3].type`.
        public var field: String
        /// Stable, for programs: `required`, `unknown_member`, `forbidden_address`, ….
        public var code: String
        /// For people.
        public var detail: String

        public init(field: String, code: String, detail: String) {
            self.field = field
            self.code = code
            self.detail = detail
        }
    }

    public var status: HTTPResponse.Status
    /// Stable, for programs: small letters and underscores. `type` is a URN of it.
    public var code: String
    /// The status' own words unless given.
    public var title: String
    public var detail: String?
    /// All faults at once.
    public var errors: [Fault]
    /// Headers of the answer beside its type and length.
    public var headers: HTTPFields

    public init(
        _ status: HTTPResponse.Status, code: String, title: String? = nil, detail: String? = nil, errors: [Fault] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title ?? status.reasonPhrase
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    /// The URI of this kind of problem.
    public var type: String { "urn:martlet:problem:" + code }
}

// MARK: The usual ones

extension Problem {
    /// 400: bytes that are no JSON, a malformed or out-of-range parameter, a foreign cursor.
    public static func badRequest(_ detail: String, code: String = "bad_request", errors: [Fault] = []) -> Problem {
        Problem(.badRequest, code: code, detail: detail, errors: errors)
    }

    /// 403.
    public static func forbidden(_ detail: String, code: String = "forbidden") -> Problem {
        Problem(.forbidden, code: code, detail: detail)
    }

    /// 404, the same for an id that never was and for someone else's.
    public static func notFound(_ detail: String = "There is nothing of this id.", code: String = "not_found")
        -> Problem
    {
        Problem(.notFound, code: code, detail: detail)
    }

    /// 409.
    public static func conflict(_ detail: String, code: String = "conflict", headers: HTTPFields = [:]) -> Problem {
        Problem(.conflict, code: code, detail: detail, headers: headers)
    }

    /// 413.
    public static func tooLarge(limit: Int) -> Problem {
        Problem(.contentTooLarge, code: "too_large", detail: "The body may hold \(limit) bytes.")
    }

    /// 422: JSON of a wrong type, range or name, or with a member missing.
    public static func invalid(_ errors: [Fault], detail: String? = nil) -> Problem {
        let counted = errors.count == 1 ? "1 fault." : "\(errors.count) faults."
        return Problem(.unprocessableContent, code: "invalid", detail: detail ?? counted, errors: errors)
    }

    /// 429 with `Retry-After`.
    public static func tooManyRequests(retryAfter seconds: Int, detail: String? = nil) -> Problem {
        Problem(.tooManyRequests, code: "too_many_requests", detail: detail, headers: [.retryAfter: "\(seconds)"])
    }

    /// 503 with `Retry-After`: the database is away, or a queue is full. Nothing is half done.
    public static func unavailable(
        retryAfter seconds: Int = 1, detail: String = "Try again in a moment.", code: String = "unavailable"
    ) -> Problem {
        Problem(.serviceUnavailable, code: code, detail: detail, headers: [.retryAfter: "\(seconds)"])
    }

    /// 500 that tells nothing: the log has the error, by the request's id.
    static let unexpected = Problem(
        .internalServerError, code: "internal_error",
        detail: "This is our fault. The request's id finds it in our log.")
}
