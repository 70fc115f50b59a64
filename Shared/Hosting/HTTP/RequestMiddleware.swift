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
        let passage = Passage(of: request, context, through: self, since: start)
        return await RequestNotes.$current.withValue(RequestNotes(requestID: context.requestID)) {
            await passage.answer(next)
        }
    }

    /// One request's way through. A class, since closures of many captured words crash (ARCHITECTURE.md, Swift 6.3.1).
    private final class Passage {
        let request: Request
        let context: Context
        let middleware: RequestMiddleware
        let start: ContinuousClock.Instant

        init(
            of request: Request, _ context: Context, through middleware: RequestMiddleware,
            since start: ContinuousClock.Instant
        ) {
            self.request = request
            self.context = context
            self.middleware = middleware
            self.start = start
        }

        func answer(_ next: @concurrent (Request, Context) async throws -> Response) async -> Response {
            do {
                return finish(try await next(request, context))
            } catch {
                let problem = middleware.problem(of: error, request, context)
                return finish(problem.response(requestID: context.requestID))
            }
        }

        private func finish(_ response: Response) -> Response {
            middleware.finish(response, to: request, context, took: ContinuousClock.now - start)
        }
    }

    /// What every answer has, and the line that tells of it.
    private func finish(
        _ answer: Response, to request: Request, _ context: Context, took duration: Duration
    ) -> Response {
        var response = answer
        response.headers[.xRequestID] = context.requestID
        if request.method == .head { response = response.createHeadResponse() }
        if response.status.code >= 400, Self.mayHaveMuchLeft(request) { closeSoon(&response, context) }
        measure.observe(request.method, route: context.endpointPath, response.status.code, duration)
        context.logger.debug(
            "Answered",
            metadata: [
                "http.method": .string(request.method.rawValue),
                "http.path": .string(routes.loggable(request.uri.path)),
                "http.status": .stringConvertible(response.status.code),
                "http.duration_ms": .stringConvertible((duration / .microseconds(1)).rounded() / 1000),
            ])
        return response
    }

    private func problem(of error: any Error, _ request: Request, _ context: Context) -> Problem {
        // Hummingbird's word for a path and method that no route took; a handler's own 404 keeps its route's path.
        if error is HTTPError, context.endpointPath == "NotFound" { return routes.problem(for: request) }
        if let problem = Problem(error), problem.status.code != 500 { return problem }
        if let problem = problems.problem(of: error) {
            context.logger.debug("Refused for now", metadata: ["error": "\(error)"])
            return problem
        }
        context.logger.error(
            "Request failed",
            metadata: [
                "error": "\(error)", "http.method": .string(request.method.rawValue),
                "http.path": .string(routes.loggable(request.uri.path)),
            ])
        return Problem(error) ?? .unexpected
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
