public import Hummingbird
import JSON

extension Problem: HTTPResponseError {
    /// The answer; its `requestId` is the context's.
    public func response(from request: Request, context: some RequestContext) -> Response {
        response(requestID: (context as? HostRequestContext)?.requestID)
    }

    /// The answer, with `type`, `title`, `status`, `detail`, `code`, `requestId`, and `errors` where there are any.
    public func response(requestID: String?) -> Response {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.member("type", type)
            writer.member("title", title)
            writer.member("status", status.code)
            if let detail { writer.member("detail", detail) }
            writer.member("code", code)
            if let requestID { writer.member("requestId", requestID) }
            guard !errors.isEmpty else { return }
            writer.name("errors")
            writer.array { writer in for fault in errors { fault.write(to: &writer) } }
        }
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// What an error becomes: itself, what Hummingbird says of its own, or 500 for all that nobody foresaw (nil).
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as HTTPError:
            self.init(error.status, code: error.status.problemCode, detail: error.body, headers: error.headers)
        case let error as any HTTPResponseError: self.init(error.status, code: error.status.problemCode)
        case is CancellationError: self = .unavailable(detail: "The service is stopping.")
        default: return nil
        }
    }
}

extension Problem.Fault {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("field", field)
            writer.member("code", code)
            writer.member("detail", detail)
        }
    }
}

extension HTTPResponse.Status {
    /// `Not Found` → `not_found`.
    fileprivate var problemCode: String {
        let words = reasonPhrase.isEmpty ? "status \(code)" : reasonPhrase
        return String(words.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
