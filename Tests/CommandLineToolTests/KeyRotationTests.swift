import Postgres
import Store
import TestSupport
import Testing
import Webhooks

@testable import CommandLineTool

/// Replacing the key of secrets at rest.
@Suite struct KeyRotationTests {
    private let old = EncryptionKeys.generateEntry(id: "old")
    private let new = EncryptionKeys.generateEntry(id: "new")

    /// Tenants with webhooks, each with secrets of every kind sealed by `keys`; `text` tells them apart.
    private func fill(_ pool: PostgresPool, _ keys: EncryptionKeys, tenants: Int) async throws {
        for number in 0..<tenants {
            let tenant = Tenant.ID()
            _ = try await pool.execute(
                CreateTenant(
                    id: tenant, identifier: "t\(number)", name: "t",
                    signatureSecret: keys.seal(Array("tenant \(tenant)".utf8), context: tenant.description)))
            let webhook = Webhook.ID()
            let configuration = WebhookConfiguration(name: "w", url: "https://a.example/", events: ["*"])
            _ = try await pool.execute(CreateWebhook(id: webhook, tenant: tenant, configuration: configuration))
            for kind in SealedSecret.Kind.allCases {
                let context = SealedSecret.context(of: kind, for: webhook)
                _ = try await pool.execute(
                    SaveWebhookSecret(
                        webhook: webhook, tenant: tenant, kind: kind,
                        sealed: keys.seal(Array("secret \(context)".utf8), context: context), hint: nil))
            }
        }
    }

    private func rotate(_ database: TestDatabase, _ keys: String, batch: Int = 4) async throws -> KeyRotation.Tally {
        let session = try await database.connect()
        var rotation = KeyRotation(session: session, keys: try EncryptionKeys(parsing: keys))
        rotation.batch = batch
        let tally = try await rotation.run()
        await session.close()
        return tally
    }

    @Test func everySecretIsSealedAnewAndSaysTheSame() async throws {
        try await withPool { pool, database in
            try await fill(pool, try EncryptionKeys(parsing: old), tenants: 5)
            let versions = try await pool.execute(ListTenants(limit: 9)).map(\.webhooksVersion)
            #expect(try await rotate(database, "\(new),\(old)") == .init(resealed: 20))
            #expect(try await rotate(database, "\(new),\(old)") == .init(current: 20))
            let alone = try EncryptionKeys(parsing: new)
            let secrets = try await pool.execute(FindSealedSecrets(after: nil, limit: 100))
            #expect(secrets.count == 15)
            for secret in secrets {
                let plain = try alone.open(secret.sealed, context: secret.context)
                #expect(String(decoding: plain, as: UTF8.self) == "secret \(secret.context)")
            }
            for row in try await pool.execute(FindSealedSignatureSecrets(after: nil, limit: 100)) {
                let plain = try alone.open(row.sealed, context: row.tenant.description)
                #expect(String(decoding: plain, as: UTF8.self) == "tenant \(row.tenant)")
            }
            #expect(try await pool.execute(ListTenants(limit: 9)).map(\.webhooksVersion) == versions)
        }
    }

    @Test("A secret whose key is missing stays as it is, and is counted")
    func missingKey() async throws {
        try await withPool { pool, database in
            try await fill(pool, try EncryptionKeys(parsing: old), tenants: 1)
            let before = try await pool.execute(FindSealedSecrets(after: nil, limit: 100))
            #expect(try await rotate(database, new) == .init(unreadable: 4))
            #expect(try await pool.execute(FindSealedSecrets(after: nil, limit: 100)) == before)
            #expect(try await rotate(database, "\(new),\(old)") == .init(resealed: 4))
        }
    }

    @Test("What somebody replaces meanwhile is not overwritten")
    func overtaken() async throws {
        try await withPool { pool, database in
            let keys = try EncryptionKeys(parsing: old)
            try await fill(pool, keys, tenants: 1)
            let read = try await pool.execute(FindSealedSecrets(after: nil, limit: 100))
            let tenants = try await pool.execute(FindSealedSignatureSecrets(after: nil, limit: 100))
            try await database.run(#"UPDATE martlet.webhook_secrets SET sealed = '\x01'"#)
            try await database.run(#"UPDATE martlet.tenants SET signature_secret = '\x02'"#)
            #expect(try await pool.execute(ResealSecrets(read.map { ($0, [9]) })).isEmpty)
            #expect(try await pool.execute(ResealSignatureSecrets(tenants.map { ($0, [9]) })).isEmpty)
            #expect(try await pool.execute(FindSealedSecrets(after: nil, limit: 100)).allSatisfy { $0.sealed == [1] })
        }
    }

    @Test func theCommandMakesEntries() async throws {
        let made = try await Program.run(Repository.executables + "/martlet", ["keys", "generate", "2026"])
        #expect(made.status == 0 && made.output.hasPrefix("2026:"))
        #expect(throws: Never.self) { try EncryptionKeys(parsing: made.output.split(separator: "\n").joined()) }
        #expect(try await Program.run(Repository.executables + "/martlet", ["keys", "generate", "a b"]).status != 0)
    }

    @Test func theCommandRotates() async throws {
        try await withPool { pool, database in
            try await fill(pool, try EncryptionKeys(parsing: old), tenants: 2)
            func run(_ keys: String) async throws -> Program {
                try await Program.run(
                    Repository.executables + "/martlet", ["keys", "rotate"],
                    environment: Repository.environment.merging([
                        "MARTLET_DATABASE_URL": database.ownerURL, "MARTLET_ENCRYPTION_KEYS": keys,
                    ]) { $1 })
            }
            let missing = try await run(new)
            #expect(missing.status != 0 && missing.output.contains("8 secrets cannot be opened"))
            let done = try await run("\(new),\(old)")
            #expect(done.status == 0 && done.output == "key new: 8 secrets sealed anew, 0 were already\n")
        }
    }
}
