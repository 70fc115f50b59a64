import ArgumentParser
import Webhooks

/// `martlet token`: makes an access token, signed with `MARTLET_JWT_SECRET`.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make an access token, signed with MARTLET_JWT_SECRET.",
        discussion: "Permissions: \(AccessClaims.permissions.joined(separator: ", ")).")

    @Option(parsing: .upToNextOption, help: "Identifiers of the tenants it is for; '*' for all.")
    var tenant: [String] = []

    @Option(parsing: .upToNextOption, help: "Permissions; all but tenants:admin if none is given.")
    var permission: [String] = []

    @Option(help: "How long it is valid: seconds, or with m, h or d.")
    var expiresIn: String = "1h"

    @Option(help: "Who it is for: the claim `sub`.")
    var subject: String = "martlet-cli"

    func validate() throws {
        guard DurationText.seconds(expiresIn) != nil else {
            throw ValidationError("--expires-in takes a time such as 90, 15m, 1h or 30d")
        }
        for name in permission where !AccessClaims.permissions.contains(name) {
            throw ValidationError("no permission is called \(name)")
        }
    }

    func run() async throws {
        let surroundings = Surroundings()
        let secret = try surroundings.required("MARTLET_JWT_SECRET")
        let claims = AccessClaims(
            subject: subject, tenants: tenant,
            permissions: permission.isEmpty ? AccessClaims.permissions.filter { $0 != "tenants:admin" } : permission,
            issuedAt: .now, seconds: DurationText.seconds(expiresIn) ?? 3600,
            issuer: surroundings["MARTLET_JWT_ISSUER"], audience: surroundings["MARTLET_JWT_AUDIENCE"])
        Terminal.line(try await claims.signed(with: secret))
    }
}
