import Foundation
import Store

/// Files of settings for a stack in containers: a volume that all of them share, each service with a file of its own.
struct ContainerSettings {
    let folder: String
    /// Where the containers find PostgreSQL.
    let databaseHost: String
    /// CIDR list of what may be called although it is a private network: the receiver of a demo.
    let egressAllow: String

    /// Written first: who waits for one of the others finds all that it says.
    private static let secretsFile = "secrets.env"

    /// Makes the secrets that are missing, and writes every file. Safe to repeat: a secret once made stays.
    func write() throws {
        let secrets = try StackSecrets(inFile: path(Self.secretsFile), environment: [:])
        let owner = StackDatabase(ownerURL: "postgres://martlet:\(secrets.ownerPassword)@\(databaseHost)/martlet")
        for service in StackService.allCases {
            try write(try settings(of: service, owner, secrets), to: "\(service.rawValue).env")
        }
        try write(["MARTLET_WEBHOOK_SECRET": secrets.demoWebhookSecret], to: "receiver.env")
        let roles = secrets.rolePasswords.map { ($0.key.rawValue, $0.value) }
        try write(Dictionary(uniqueKeysWithValues: roles), to: "roles.env")
        try write(
            [
                "MARTLET_DATABASE_URL": owner.ownerURL, "MARTLET_JWT_SECRET": secrets.tokenSecret,
                "MARTLET_WEBHOOK_SECRET": secrets.demoWebhookSecret, "MARTLET_API_URL": "http://api:8080",
                "MARTLET_INGEST_URL": "http://ingester:8081", "MARTLET_RECEIVER_URL": "http://receiver:9000",
                "MARTLET_TENANT": StackStart.demoTenant,
            ], to: "tools.env")
        try SettingsFile.writePrivately(secrets.ownerPassword, to: path("owner-password"))
    }

    /// What one service is told, and no more.
    private func settings(
        of service: StackService, _ owner: StackDatabase, _ secrets: StackSecrets
    ) throws -> [String: String] {
        var values = [
            "MARTLET_DATABASE_URL": try owner.url(
                role: service.role.rawValue, password: secrets.rolePasswords[service.role] ?? "")
        ]
        // The canary of the metrics service makes tokens; the others check them.
        if service != .delivery { values["MARTLET_JWT_SECRET"] = secrets.tokenSecret }
        if service == .api || service == .delivery {
            values["MARTLET_ENCRYPTION_KEYS"] = secrets.encryptionKeys
            if !egressAllow.isEmpty { values["MARTLET_EGRESS_ALLOW"] = egressAllow }
        }
        return values
    }

    private func path(_ name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    private func write(_ values: [String: String], to name: String) throws {
        try SettingsFile(values: values).write(to: path(name))
    }
}
