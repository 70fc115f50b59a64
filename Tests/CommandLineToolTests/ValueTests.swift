import ArgumentParser
import Foundation
import Store
import Testing
import Webhooks

@testable import CommandLineTool

@Suite struct ValueTests {
    @Test(
        arguments: [
            ("90", 90), ("90s", 90), ("15m", 900), ("1h", 3600), ("30d", 2_592_000), ("0", nil), ("-1", nil), ("", nil),
            ("h", nil), ("1w", nil), ("1.5h", nil), ("9223372036854775807d", nil),
        ] as [(String, Int64?)])
    func durations(text: String, seconds: Int64?) { #expect(DurationText.seconds(text) == seconds) }

    @Test func settingsFilesAreReadAndWritten() throws {
        let file = SettingsFile(parsing: "# a comment\nA=1\n B =x=y\nnothing\nC=\n")
        #expect(file.values == ["A": "1", "B": "x=y", "C": ""])
        #expect(file.text(order: ["C", "A"]) == "C=\nA=1\nB=x=y\n")
        try withFolder { folder in
            let path = folder + "/settings"
            try file.write(to: path)
            #expect(SettingsFile(path: path).values == file.values)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(throws: CommandFailure.self) { try file.write(to: folder + "/none/settings") }
        }
        #expect(SettingsFile(path: "/nowhere").values.isEmpty)
    }

    @Test func theEnvironmentWinsOverTheFile() throws {
        let surroundings = Surroundings(
            environment: ["A": "1", "B": ""], file: SettingsFile(values: ["A": "2", "B": "3", "C": "4"]))
        #expect(surroundings["A"] == "1" && surroundings["B"] == "3" && surroundings["C"] == "4")
        #expect(throws: CommandFailure.self) { try surroundings.required("D") }
    }

    @Test func aSequenceIsCountedByMessage() {
        var misbehaviour = Misbehaviour(statuses: [500, 503, 200])
        #expect((0..<4).map { _ in misbehaviour.status(forMessage: "a") } == [500, 503, 200, 200])
        #expect(misbehaviour.status(forMessage: "b") == 500)
        var plain = Misbehaviour()
        #expect(plain.status(forMessage: "a") == 200)
    }

    @Test func onlyRolesOfOursGetPasswords() throws {
        #expect(throws: CommandFailure.self) { try SchemaUpdate.rolePasswords(["postgres": "x"]) }
        #expect(try SchemaUpdate.rolePasswords(["martlet_api": "x"]) == [.api: "x"])
    }

    @Test func aTokenSaysWhatWasAsked() async throws {
        let now = Instant(milliseconds: 1_760_000_000_500)
        let token = try await AccessClaims(
            subject: "me", tenants: ["acme"], permissions: ["events:write"], issuedAt: now, seconds: 60
        ).signed(with: "a secret of at least 32 characters")
        await #expect(throws: CommandFailure.self) {
            try await AccessClaims(subject: "", tenants: [], permissions: [], issuedAt: now, seconds: 1)
                .signed(with: "31 bytes are no secret at all..")
        }
        let parts = token.split(separator: ".").map { part in
            let text = part.replacing("-", with: "+").replacing("_", with: "/")
            return Base64.decode(text).flatMap { try? JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] }
        }
        #expect(parts[0]?["alg"] as? String == "HS256")
        let claims = try #require(parts[1])
        #expect(claims["sub"] as? String == "me" && claims["tenants"] as? [String] == ["acme"])
        #expect(claims["permissions"] as? [String] == ["events:write"])
        #expect(claims["iat"] as? Int == 1_760_000_000 && claims["exp"] as? Int == 1_760_000_060)
        #expect(Set(claims.keys) == ["sub", "tenants", "permissions", "iat", "exp"])
    }

    @Test func aRolesURLIsTheOwnersWithAnotherLogin() throws {
        let database = StackDatabase(ownerURL: "postgresql://me:secret@db.example:6432/martlet?sslmode=require")
        #expect(database.place == "db.example:6432/martlet")
        let url = try database.url(role: "martlet_api", password: "p@ss/word")
        #expect(url == "postgresql://martlet_api:p%40ss%2Fword@db.example:6432/martlet?sslmode=require")
        #expect(throws: CommandFailure.self) { try StackDatabase(ownerURL: "host=x").url(role: "a", password: "b") }
    }

    @Test(
        "A command line is understood or refused",
        arguments: [
            ("token --tenant a b --permission webhooks:read --expires-in 30d", true),
            ("token --expires-in soon", false),
            ("token --permission webhooks:fly", false), ("receive --sequence 500,500,200 --delay 0.5", true),
            ("receive --sequence 500,no", false), ("receive --status 99", false), ("receive --port 65536", false),
            ("up --api-port 0 --workers 2 --no-demo --directory x", true), ("up --workers 0", false),
            ("up --api-port 70000", false), ("sign --secret s --id m --timestamp 1", true),
            ("sign --secret s --id m", false),
            ("sign --dialect crystallize --secret s --url u --method POST --print-hmac", true), ("fly", false),
            ("sign --dialect crystallize --url u --method GET --received-url v", true),
            ("sign --dialect crystallize --secret s --method POST", false),
            ("sign --dialect crystallize --secret s --url u", false), ("sign --dialect klingon --secret s", false),
            ("sign --dialect shopery --secret s", true), ("sign --dialect shopery --secret s --print-hmac", false),
            ("verify --dialect shopery --secret s --signature s", true),
            ("verify --dialect crystallize --secret s --url u --method POST", false),
            ("verify --secret s --id m --timestamp 1", false), ("tenant create acme --name Acme", true),
            ("bench --quick", true), ("bench throughput slow-receiver --runs 3 --json -", true),
            ("bench nothing", false),
            ("bench --target .local latency", true), ("bench --target .local backlog", false),
            ("bench --receiver mixed --payload-bytes 300", true), ("bench --batch 501", false),
            ("bench --runs 0", false),
            ("soak --seconds 20", true), ("soak --seconds 0", false),
        ])
    func commandLine(text: String, isGood: Bool) {
        let arguments = text.split(separator: " ").map(String.init)
        #expect(((try? MartletCommand.parseAsRoot(arguments)) != nil) == isGood)
    }
}

/// Lends a folder of one's own.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path(percentEncoded: false)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}
