import ArgumentParser
import Foundation
import Webhooks

/// `martlet send`: posts events to the ingester.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Post an event to the ingester, from a file or standard input.",
        discussion: "The file holds one event, an array of them, or (named *.ndjson) one a line.")

    @Argument(help: "The file; '-' reads standard input.")
    var file: String

    @Option(help: "The tenant's identifier; else MARTLET_TENANT.")
    var tenant: String?

    @Option(help: "The ingester's URL; else MARTLET_INGEST_URL.")
    var url: String?

    func run() async throws {
        let surroundings = Surroundings()
        let tenant = try tenant ?? surroundings.required("MARTLET_TENANT")
        guard
            let body = file == "-"
                ? try FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: file)
        else { throw CommandFailure("cannot read \(file)") }
        let client = ServiceClient(
            url: url ?? surroundings["MARTLET_INGEST_URL"] ?? "http://127.0.0.1:8081",
            token: try await Self.token(for: tenant, surroundings), tenant: tenant, engine: try .forCommands())
        let answer = try await client.require(
            [202], "POST", "/company/events", body: Array(body),
            contentType: file.hasSuffix(".ndjson") ? "application/x-ndjson" : "application/json")
        Terminal.line(answer.text)
    }

    /// One of its own making where the secret is known, else the one that it was given.
    private static func token(for tenant: String, _ surroundings: Surroundings) async throws -> String {
        guard let secret = surroundings["MARTLET_JWT_SECRET"] else { return try surroundings.required("MARTLET_TOKEN") }
        return try await AccessClaims(
            subject: "martlet-cli", tenants: [tenant], permissions: ["events:write"], issuedAt: .now, seconds: 300,
            issuer: surroundings["MARTLET_JWT_ISSUER"], audience: surroundings["MARTLET_JWT_AUDIENCE"]
        ).signed(with: secret)
    }
}
