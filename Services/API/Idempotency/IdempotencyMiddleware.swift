import Hosting
import Hummingbird
import Logging
import Postgres
import Store
import Tenancy
import Webhooks

/// A context that tells whose `Idempotency-Key` it is.
protocol IdempotentContext: RequestContext {
    var idempotencyScope: Tenant.ID { get }
    var requestID: String { get }
    var token: AccessToken { get }
}

extension TenantContext: IdempotentContext {
    var idempotencyScope: Tenant.ID { tenant.id }
}

extension OperatorContext: IdempotentContext {
    var idempotencyScope: Tenant.ID { IdempotencyKey.ofOperator }
}

/// Gives the first answer again to a POST whose `Idempotency-Key` was seen before.
///
/// Behind the permission, so that nobody is shown an answer that he could not have had. An answer of 5xx or 429 is not
/// kept. A process that dies between its work and keeping the answer leaves the key taken for ``patience``; after that
/// the same request runs again.
struct IdempotencyMiddleware<Context: IdempotentContext>: RouterMiddleware {
    /// Longer than any handler takes: a test send has 30 s.
    static var patience: Duration { .seconds(90) }
    /// Characters of a key.
    static var longest: Int { 256 }

    let parts: APIParts
    /// Whether an answer is for callers alike only, by who they are and what they may: it hands out permissions.
    var isPersonal = false

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard request.method == .post, let text = request.headers[.idempotencyKey] else {
            return try await next(request, context)
        }
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem.badRequest(
                "Idempotency-Key has 1 to \(Self.longest) visible ASCII characters.",
                code: "malformed_idempotency_key")
        }
        var request = request
        let body = try await request.bytes(upTo: Request.documentLimit)
        request.body = RequestBody(buffer: ByteBuffer(bytes: body))
        let claim = Claim(
            key: IdempotencyKey(
                tenant: context.idempotencyScope, path: request.uri.path, key: text,
                caller: isPersonal ? Self.caller(context.token) : ""),
            body: Fingerprint(of: [Array((request.uri.query ?? "").utf8), [0], body]), parts: parts)
        if let kept = try await claim.take(for: Self.patience) { return kept.response }
        do {
            let response = try await next(request, context)
            return try await claim.keep(response)
        } catch {
            if let problem = error as? Problem, problem.status.code < 500, problem.status != .tooManyRequests {
                return try await claim.keep(problem.response(requestID: context.requestID))
            }
            await claim.release()
            throw error
        }
    }

    private static func caller(_ token: AccessToken) -> String {
        let who = token.apiKey?.description ?? token.session?.description ?? token.subject ?? ""
        return ([who] + token.permissions.map(\.rawValue).sorted()).joined(separator: "\u{1F}")
    }
}

/// One run of a request that holds, or wants, a key.
final class Claim: Sendable {
    private let key: IdempotencyKey
    private let body: Fingerprint
    private let run = Identifier<IdempotencyKey.Run>()
    private let parts: APIParts

    init(key: IdempotencyKey, body: Fingerprint, parts: APIParts) {
        self.key = key
        self.body = body
        self.parts = parts
    }

    /// Nil: the key is ours now. Else the answer that was given before.
    /// - Throws: ``Problem`` 409 where it belongs to another request, or to one that still runs.
    func take(for patience: Duration) async throws -> KeptAnswer? {
        let (_, _, found) = try await parts.pool.transact(
            SetTenantContext(tenant: key.tenant),
            ClaimIdempotencyKey(key, body: body, run: run, patience: patience), FindIdempotencyKey(key))
        guard let holder = found.first else { throw Self.isRunning }  // given back this very moment
        if holder.run == run { return nil }
        guard holder.body == body else {
            throw Problem.conflict(
                "This Idempotency-Key was used for another request.", code: "idempotency_key_reused")
        }
        guard let answer = holder.answer else { throw Self.isRunning }
        let plain = try parts.keys.open(answer, context: key.context)
        guard let kept = KeptAnswer(plain) else { throw EncryptionKeys.Failure.malformed }
        return kept
    }

    /// Keeps an answer, if it is one to be kept.
    func keep(_ response: Response) async throws -> Response {
        guard response.status.code < 500 else {
            await release()
            return response
        }
        let gathered = AnswerWriter.Gathered()
        try await response.body.write(AnswerWriter(gathered: gathered))
        let kept = KeptAnswer(
            status: response.status.code, headers: response.headers, body: gathered.bytes)
        let sealed = parts.keys.seal(kept.text, context: key.context)
        do {
            _ = try await parts.pool.transact(
                SetTenantContext(tenant: key.tenant), SaveIdempotentAnswer(key, run: run, answer: sealed))
        } catch {  // what was done is done, and told
            parts.logger.warning("Answer not kept", metadata: ["error": "\(error)"])
        }
        var response = response
        response.body = kept.body.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: kept.body))
        return response
    }

    func release() async {
        do {
            _ = try await parts.pool.transact(
                SetTenantContext(tenant: key.tenant), ReleaseIdempotencyKey(key, run: run))
        } catch {  // it is free when its time is over
            parts.logger.debug("Key not given back", metadata: ["error": "\(error)"])
        }
    }

    private static let isRunning = Problem.conflict(
        "The first request with this Idempotency-Key is still under way.", code: "idempotency_key_in_use",
        headers: [.retryAfter: "1"])
}
