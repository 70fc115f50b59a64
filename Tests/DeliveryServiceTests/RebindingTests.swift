import Foundation
import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import DeliveryService

/// Names that lie: the service as it is shipped, in a mount namespace whose `/etc/resolv.conf` names a DNS server of
/// the test, which changes its answers. What counts is the address that is really dialled.
@Suite(.enabled(if: MountNamespace.isPossible, "it takes root, and mount namespaces"))
struct RebindingTests {
    /// A delivery service in a namespace; killed with its last reference.
    final class Service {
        private let process = Process()

        init(_ stage: Stage, allow: String, folder: URL) throws {
            let resolver = folder.appending(path: "resolv.conf")
            try NameServer.configuration.write(to: resolver, atomically: true, encoding: .utf8)
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = [
                "unshare", "--mount", "sh", "-c", #"mount --bind "$0" /etc/resolv.conf && exec "$@""#,
                resolver.path(), Repository.executables + "/martlet-delivery",
            ]
            process.environment = Repository.environment.merging([
                "MARTLET_DATABASE_URL": stage.database.url(for: .delivery), "MARTLET_ENCRYPTION_KEYS": Stage.keyText,
                "MARTLET_EGRESS_ALLOW": allow, "MARTLET_HTTP_HOST": "127.0.0.1", "MARTLET_HTTP_PORT": "0",
                "MARTLET_WORKER_NAME": "rebinding", "MARTLET_LOG_LEVEL": "error",
            ]) { $1 }
            try process.run()
        }

        deinit {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    struct Sent: Equatable {
        let status: Int16?
        let errorClass: ErrorClass?
        let address: String?
    }

    private struct FindLast: Statement {
        static let sql = """
            SELECT status, error_class, remote_address FROM invocations WHERE webhook_id = $1 ORDER BY id DESC LIMIT 1
            """
        let webhook: Webhook.ID
        func bind(_ parameters: inout Parameters) { parameters.append(webhook) }
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> Sent {
            Sent(status: try row.optional(0), errorClass: try row.optional(1), address: try row.optional(2))
        }
    }

    private func send(_ webhook: Webhook.ID, _ stage: Stage) async throws -> Sent {
        let before = try await stage.recorded(webhook).count
        try await stage.accept(1, for: webhook)
        try await stage.wait { try await stage.recorded(webhook).count > before }
        return try #require(try await stage.pool.execute(FindLast(webhook: webhook)).first)
    }

    @Test func theAddressThatIsDialledIsJudged() async throws {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "martlet-names-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let receiver = try TestReceiver()
        let inner = try SilentListener(address: "127.0.0.2", port: receiver.port)
        receiver.answer { request in
            guard request.target == "/moved" else { return .ok }
            return ReceiverAnswer(status: 302, headers: [("location", "http://127.0.0.2:\(receiver.port)/")])
        }
        let names = try NameServer([
            "flip.example": ["127.0.0.1"], "inner.example": ["127.0.0.2"], "cloud.example": ["169.254.169.254"],
            "mixed.example": ["127.0.0.2", "127.0.0.1"],
        ])
        let reached = Sent(status: 200, errorClass: nil, address: "127.0.0.1")
        let refused = Sent(status: nil, errorClass: .forbiddenAddress, address: nil)
        try await Stage.run { stage in
            func webhook(_ name: String, path: String = "/") async throws -> Webhook.ID {
                try await stage.webhook("http://\(name).example:\(receiver.port)\(path)") {
                    ($0.retry, $0.connectTimeoutMs) = (RetryPolicy(maxAttempts: 1), 5000)
                }
            }
            let flip = try await webhook("flip")
            var service: Service? = try Service(stage, allow: "127.0.0.1/32", folder: folder)
            #expect(try await send(flip, stage) == reached)
            #expect(try await send(try await webhook("inner"), stage) == refused)
            #expect(try await send(try await webhook("cloud"), stage) == refused)
            #expect(try await send(try await webhook("mixed"), stage) == reached)
            let moved = try await send(try await webhook("flip", path: "/moved"), stage)
            #expect(moved == Sent(status: 302, errorClass: .http3xx, address: "127.0.0.1"))
            let missing = try await send(try await webhook("nowhere"), stage)
            #expect(missing == Sent(status: nil, errorClass: .dns, address: nil))

            // The same name, saved and called before, now means an address within.
            service = nil
            names.change("flip.example", to: "127.0.0.2")
            service = try Service(stage, allow: "127.0.0.1/32", folder: folder)
            #expect(try await send(flip, stage) == refused)
            #expect(!inner.hasCaller && service != nil)

            // And what is refused is refused by the guard alone.
            service = nil
            service = try Service(stage, allow: "127.0.0.0/8", folder: folder)
            try await stage.accept(1, for: flip)
            try await stage.wait { inner.hasCaller }
        }
    }
}

/// Whether this process may make one.
private enum MountNamespace {
    static let isPossible: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["unshare", "--mount", "true"]
        process.standardError = FileHandle.nullDevice
        guard geteuid() == 0, (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
