import ArgumentParser
import Foundation
import Webhooks

/// `martlet tenant`: makes and lists tenants through the API, with a token of its own making.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Create and list tenants.", subcommands: [Create.self, List.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a tenant and print it as JSON.")

        @Argument(help: "Lower-case letters, digits and hyphens; at most 63; never given twice.")
        var identifier: String

        @Option(help: "What people call it; the identifier if not given.")
        var name: String?

        func run() async throws {
            let client = try await TenantCommand.client()
            let body = try JSONEncoder().encode(["identifier": identifier, "name": name ?? identifier])
            let answer = try await client.require([201], "POST", "/admin/tenants", body: Array(body))
            Terminal.line(answer.text)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all tenants, newest first.")

        struct Page: Decodable {
            struct Tenant: Decodable {
                let identifier: String
                let name: String
            }
            let data: [Tenant]
            let nextCursor: String?
        }

        func run() async throws {
            let client = try await TenantCommand.client()
            var cursor = ""
            while true {
                let answer = try await client.require([200], "GET", "/admin/tenants?limit=100\(cursor)")
                let page: Page = try answer.decoded()
                for tenant in page.data { Terminal.line(tenant.identifier + "\t" + tenant.name) }
                guard let next = page.nextCursor else { return }
                cursor = "&cursor=" + next
            }
        }
    }

    private static func client() async throws -> ServiceClient {
        let surroundings = Surroundings()
        let claims = AccessClaims(
            subject: "martlet-cli", tenants: [], permissions: ["tenants:admin"], issuedAt: .now, seconds: 300,
            issuer: surroundings["MARTLET_JWT_ISSUER"], audience: surroundings["MARTLET_JWT_AUDIENCE"])
        return ServiceClient(
            url: surroundings["MARTLET_API_URL"] ?? "http://127.0.0.1:8080",
            token: try await claims.signed(with: surroundings.required("MARTLET_JWT_SECRET")),
            engine: try .forCommands())
    }
}
