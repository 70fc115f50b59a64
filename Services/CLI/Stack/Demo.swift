import Crypto
import Foundation
import Webhooks

/// The proof at the end of `martlet up`: an order goes in, a signed request comes out.
struct Demo {
    /// URLs without a path.
    let api: String
    let ingester: String
    let receiver: String
    let tokenSecret: String
    /// What the webhook signs with, and the receiver verifies.
    let webhookSecret: String
    /// The file to which the receiver appends what it got.
    let record: String

    private static let webhookName = "demo receiver"

    private struct Entry: Decodable {
        let id: String
        let name: String
        let url: String
        let secretHint: String?
    }
    private struct Page: Decodable { let data: [Entry] }
    private struct Accepted: Decodable { let id: String }

    func run() async throws {
        let claims = AccessClaims(
            subject: "martlet-up", tenants: [StackStart.demoTenant], permissions: AccessClaims.permissions,
            issuedAt: .now, seconds: 600)
        var client = ServiceClient(
            url: api, token: try await claims.signed(with: tokenSecret), engine: try .forCommands())
        try await makeTenant(client)
        client.tenant = StackStart.demoTenant
        try await makeWebhook(client)

        let order = try Self.order()
        let ingester = ServiceClient(
            url: ingester, token: client.token, tenant: client.tenant, engine: client.engine)
        let accepted: Accepted = try await ingester.require([202], "POST", "/company/events", body: order).decoded()
        var received: ReceivedRequest?
        let arrived = try await Deadline.wait(for: .seconds(20)) {
            received = ReceivedRequest.all(inRecord: record)
                .last { $0.headers["webhook-id"] == accepted.id }
            return received != nil
        }
        guard arrived, let received else {
            throw CommandFailure("the order \(accepted.id) was accepted but did not arrive; see the services' logs")
        }
        let secret = try SigningSecret(parsing: webhookSecret)
        let fault = SignatureCheck(secrets: [secret]).fault(of: received, now: .now)
        Terminal.line("\nThe order was accepted as \(accepted.id), and this is what the receiver got:\n")
        Terminal.line(received.summary())
        if let fault { throw CommandFailure("its signature does not verify: \(fault)") }
        Terminal.line("\nIts signature verifies.")
    }

    private func makeTenant(_ api: ServiceClient) async throws {
        let path = "/admin/tenants/\(StackStart.demoTenant)"
        guard try await api.require([200, 404], "GET", path).status == 404 else { return }
        let body = try JSONEncoder().encode(["identifier": StackStart.demoTenant, "name": "Demo"])
        _ = try await api.require([201], "POST", "/admin/tenants", body: Array(body))
    }

    /// A webhook to this stack's receiver, with this stack's secret: made, or set right where one is.
    private func makeWebhook(_ api: ServiceClient) async throws {
        struct Wish: Encodable {
            var name: String?
            var events: [String]?
            let url: String
            let secret: String
            let isEnabled = true
        }
        let page: Page = try await api.require([200], "GET", "/company/webhooks?search=demo&limit=100").decoded()
        var wish = Wish(url: receiver + "/webhook", secret: webhookSecret)
        if let existing = page.data.first(where: { $0.name == Self.webhookName }) {
            let hint = existing.secretHint ?? ""
            guard existing.url != wish.url || !hint.hasSuffix(wish.secret.suffix(4)) else { return }
            let body = Array(try JSONEncoder().encode(wish))
            _ = try await api.require([200], "PATCH", "/company/webhooks/\(existing.id)", body: body)
        } else {
            wish.name = Self.webhookName
            wish.events = ["*"]
            _ = try await api.require([201], "POST", "/company/webhooks", body: Array(try JSONEncoder().encode(wish)))
        }
    }

    /// The sample of the repository: found from here, or from where the executable was built.
    private static func order() throws -> [UInt8] {
        let name = "samples/order-created.json"
        for start in [FileManager.default.currentDirectoryPath, StackStart.folder] {
            var folder = URL(filePath: start, directoryHint: .isDirectory)
            for _ in 0..<6 {
                let path = folder.appending(path: name).path(percentEncoded: false)
                if let data = FileManager.default.contents(atPath: path) { return Array(data) }
                folder.deleteLastPathComponent()
            }
        }
        throw CommandFailure("\(name) was not found; run this inside the repository, or with --no-demo")
    }
}
