import Crypto
import Foundation
import Store

/// What the stack keeps to itself. Each secret is made once and stays, or stored data could not be read any more.
struct StackSecrets {
    private var file: SettingsFile

    /// Those of a directory: ``init(inFile:environment:)``.
    init(in directory: StackDirectory, environment: [String: String]) throws {
        try self.init(inFile: directory.secretsFile, environment: environment)
    }

    /// Reads the secrets of a file, makes the missing ones and writes them for their owner only (mode 600).
    ///
    /// A new stack takes the token secret and the encryption keys from `environment` where they are set there.
    init(inFile path: String, environment: [String: String]) throws {
        file = SettingsFile(path: path)
        let before = file.values
        make("MARTLET_JWT_SECRET") { environment["MARTLET_JWT_SECRET"] ?? Self.random(bytes: 32).hex }
        make("MARTLET_ENCRYPTION_KEYS") {
            environment["MARTLET_ENCRYPTION_KEYS"] ?? "local:" + Self.random(bytes: 32).base64EncodedString()
        }
        make("OWNER_PASSWORD") { Self.random(bytes: 24).hex }
        for role in ServiceRole.allCases { make(Self.name(ofRole: role)) { Self.random(bytes: 24).hex } }
        make("DEMO_WEBHOOK_SECRET") { "whsec_" + Self.random(bytes: 32).base64EncodedString() }
        if file.values != before { try file.write(to: path) }
    }

    var tokenSecret: String { self["MARTLET_JWT_SECRET"] }
    var encryptionKeys: String { self["MARTLET_ENCRYPTION_KEYS"] }
    var ownerPassword: String { self["OWNER_PASSWORD"] }
    /// What the webhook of the tenant `demo` signs with.
    var demoWebhookSecret: String { self["DEMO_WEBHOOK_SECRET"] }
    var rolePasswords: [ServiceRole: String] {
        Dictionary(uniqueKeysWithValues: ServiceRole.allCases.map { ($0, self[Self.name(ofRole: $0)]) })
    }

    private subscript(name: String) -> String { file.values[name] ?? "" }

    private mutating func make(_ name: String, _ value: () -> String) {
        if file.values[name]?.isEmpty ?? true { file.values[name] = value() }
    }

    private static func name(ofRole role: ServiceRole) -> String { role.rawValue.uppercased() + "_PASSWORD" }
    private static func random(bytes count: Int) -> Data {
        SymmetricKey(size: .init(bitCount: count * 8)).withUnsafeBytes { Data($0) }
    }
}

extension Data {
    fileprivate var hex: String { map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined() }
}
