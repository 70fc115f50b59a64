import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Webhooks

/// An endpoint as a tenant has one: takes every request, verifies, records and answers it.
actor Receiver {
    private var misbehaviour: Misbehaviour
    private let check: SignatureCheck?
    private let record: RequestRecord?
    private let show: @Sendable (ReceivedRequest) -> Void

    init(
        misbehaviour: Misbehaviour = Misbehaviour(), secrets: [SigningSecret] = [], url: String? = nil,
        record: RequestRecord? = nil,
        show: @escaping @Sendable (ReceivedRequest) -> Void = { _ in }
    ) {
        self.misbehaviour = misbehaviour
        check = secrets.isEmpty ? nil : SignatureCheck(secrets: secrets, url: url)
        self.record = record
        self.show = show
    }

    /// A server that answers with it. `onListening` is told the port, which matters where 0 was asked for.
    nonisolated func server(
        host: String, port: Int, onListening: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        return Application(
            responder: CallbackResponder { (request, _: BasicRequestContext) in try await self.answer(request) },
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { await onListening($0.localAddress?.port ?? port) },
            logger: logger)
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 8 << 20)
        var headers: [String: String] = [:]
        for field in request.headers {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { $0 + ", " + field.value } ?? field.value
        }
        headers["host"] = request.head.authority
        let status = misbehaviour.status(forMessage: headers["webhook-id"] ?? headers["x-martlet-delivery"] ?? "")
        var received = ReceivedRequest(
            receivedAt: Instant.now.rfc3339, method: request.method.rawValue, path: request.uri.string,
            headers: headers,
            body: String(buffer: body), status: status)
        if let check { received.signature = check.fault(of: received, now: .now) ?? "valid" }
        try await record?.append(received)
        show(received)
        if misbehaviour.delay > .zero { try await ContinuousClock().sleep(for: misbehaviour.delay) }
        return Response(status: .init(code: status))
    }
}
