import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Stands around every route: gives the request its id, turns errors into problems, measures and logs.
struct RequestMiddleware: RouterMiddleware {
    typealias Context = HostRequestContext

    let routes: RouteTable
    let problems: ProblemTranslator
    let measure: RequestMeasure

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.identify(RequestID.accepted(request.headers[.xRequestID]) ?? RequestID.make())
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = problem(of: error, request, context).response(requestID: context.requestID)
        }
        response.headers[.xRequestID] = context.requestID
        if request.method == .head { response = response.createHeadResponse() }
        if response.status.code >= 400, Self.mayHaveMuchLeft(request) { closeSoon(&response, context) }
        let duration = ContinuousClock.now - start
        measure.observe(request.method, route: context.endpointPath, response.status.code, duration)
        context.logger.debug(
            "Answered",
            metadata: [
                "http.method": .string(request.method.rawValue), "http.path": .string(request.uri.path),
                "http.status": "\(response.status.code)", "http.duration_ms": "\(duration / .microseconds(1) / 1000)",
            ])
        return response
    }

    private func problem(of error: any Error, _ request: Request, _ context: Context) -> Problem {
        // Hummingbird's word for a path and method that no route took; a handler's own 404 keeps its route's path.
        if error is HTTPError, context.endpointPath == "NotFound" { return routes.problem(for: request) }
        if let problem = Problem(error) { return problem }
        if let problem = problems.problem(of: error) {
            context.logger.debug("Refused for now", metadata: ["error": "\(error)"])
            return problem
        }
        context.logger.error(
            "Request failed",
            metadata: [
                "error": "\(error)", "http.method": .string(request.method.rawValue),
                "http.path": .string(request.uri.path),
            ])
        return .unexpected
    }

    /// Hummingbird reads what is left of a body before it takes the next request, however much that is.
    private static func mayHaveMuchLeft(_ request: Request) -> Bool {
        request.headers[.transferEncoding] != nil
            || request.headers[.contentLength].flatMap { Int($0) }.map { $0 > 64 * 1024 } ?? false
    }

    /// Ends the connection a little later, so that the client can still read the answer while it sends.
    private func closeSoon(_ response: inout Response, _ context: Context) {
        response.headers[.connection] = "close"
        let channel = context.channel
        channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
    }
}
