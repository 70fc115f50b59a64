import Crypto
import CryptoExtras
import Foundation
import Hosting
import JWTKit
import Logging
import Testing
import Webhooks

@testable import Tenancy

/// Tokens signed by others, by the keys of a set.
@Suite struct KeySetTests {
    struct Payload: JWTPayload {
        var exp = Double(Instant.now.seconds + 600)
        var tenants = ["acme"]
        func verify(using algorithm: some JWTAlgorithm) throws {}
    }

    /// The private halves, and the set of the public ones.
    struct Keys {
        let rsa: JWTKit.Insecure.RSA.PrivateKey
        let elliptic = ES256PrivateKey()
        let edwards: EdDSA.PrivateKey
        let json: String

        init() throws {
            rsa = try JWTKit.Insecure.RSA.PrivateKey(backing: _RSA.Signing.PrivateKey(keySize: .bits2048))
            edwards = try EdDSA.PrivateKey()
            let numbers = try rsa.publicKey.getKeyPrimitives()
            let point = try #require(elliptic.parameters)
            func url(_ base64: String) -> String {
                base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            }
            json = """
                {"keys":[
                  {"kty":"oct","k":"c2VjcmV0","kid":"secret"},
                  {"kty":"EC","crv":"P-999","x":"AA","y":"AA","kid":"odd"},
                  {"kty":"RSA","use":"enc","kid":"enc","n":"\(Base64URL.encode(numbers.modulus))","e":"AQAB"},
                  {"kty":"RSA","use":"sig","kid":"r","n":"\(Base64URL.encode(numbers.modulus))",
                   "e":"\(Base64URL.encode(numbers.publicExponent))"},
                  {"kty":"EC","crv":"P-256","alg":"ES256","kid":"e","x":"\(url(point.x))","y":"\(url(point.y))"},
                  {"kty":"OKP","crv":"Ed25519","kid":"d",
                   "x":"\(Base64URL.encode(edwards.publicKey.rawRepresentation))"}]}
                """
        }
    }

    private func sign(_ header: JWTHeader = [:], _ add: (JWTKeyCollection) async -> Void) async throws -> String {
        let keys = JWTKeyCollection()
        await add(keys)
        return try await keys.sign(Payload(), header: header)
    }

    @Test func eachKindIsAccepted() async throws {
        let keys = try Keys()
        let verifier = AccessTokenVerifier(keys: try await VerificationKey.keys(ofSet: Data(keys.json.utf8)))
        for kid in [nil, "right"] {
            func header(_ right: String) -> JWTHeader { kid == nil ? [:] : ["kid": .string(right)] }
            let tokens = [
                try await sign(header("r")) { await $0.add(rsa: keys.rsa, digestAlgorithm: .sha256) },
                try await sign(header("e")) { await $0.add(ecdsa: keys.elliptic) },
                try await sign(header("d")) { await $0.add(eddsa: keys.edwards) },
            ]
            for token in tokens { #expect(try verifier.verify(token).covers(tenant: "acme")) }
        }
    }

    @Test func otherKeysAreNot() async throws {
        let keys = try Keys()
        let strangers = try Keys()
        let verifier = AccessTokenVerifier(keys: try await VerificationKey.keys(ofSet: Data(keys.json.utf8)))
        let forged = [
            (try await sign { await $0.add(rsa: strangers.rsa, digestAlgorithm: .sha256) }, TokenError.badSignature),
            (try await sign { await $0.add(ecdsa: strangers.elliptic) }, .badSignature),
            (try await sign { await $0.add(eddsa: strangers.edwards) }, .badSignature),
            (try await sign(["kid": "gone"]) { await $0.add(ecdsa: keys.elliptic) }, .unknownKey),
            (try await sign(["kid": "r"]) { await $0.add(ecdsa: keys.elliptic) }, .unknownKey),
            (try await sign { await $0.add(rsa: keys.rsa, digestAlgorithm: .sha512) }, .unacceptableAlgorithm),
        ]
        for (token, expected) in forged { #expect(throws: expected) { try verifier.verify(token) } }
    }

    /// The classic: the public key, which everyone has, taken as a secret of HMAC.
    @Test func aPublicKeyIsNoSecret() async throws {
        let keys = try Keys()
        let published = try await VerificationKey.keys(ofSet: Data(keys.json.utf8))
        let payload = #"{"exp":99999999999,"tenants":["*"]}"#
        for secret in [keys.rsa.publicKey.pemRepresentation, keys.elliptic.publicKey.pemRepresentation, keys.json, ""] {
            let token = VerifierTests.token(payload: payload, secret: secret)
            #expect(throws: TokenError.unknownKey) { try AccessTokenVerifier(keys: published).verify(token) }
            let both = AccessTokenVerifier(keys: published + [VerificationKey(secret: VerifierTests.secret)])
            #expect(throws: TokenError.badSignature) { try both.verify(token) }
        }
    }

    private func verifier(_ environment: [String: String]) async throws -> AccessTokenVerifier {
        try await AccessTokenVerifier(
            settings: Settings(environment: environment),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func settingsNameSecretOrFile() async throws {
        let keys = try Keys()
        let path = NSTemporaryDirectory() + "martlet-keys-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try keys.json.write(toFile: path, atomically: true, encoding: .utf8)
        let both = try await verifier(["MARTLET_JWT_SECRET": "short", "MARTLET_JWT_JWKS_FILE": path])
        #expect(try both.verify(try await sign { await $0.add(ecdsa: keys.elliptic) }).covers(tenant: "acme"))
        let own = try TokenIssuer(secret: "short").token(subject: "a", tenants: ["acme"], permissions: [.webhooksRead])
        #expect(try both.verify(own).permissions == [.webhooksRead])
        try #"{"keys":[{"kty":"oct","k":"AA"}]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        for environment in [
            [:], ["MARTLET_JWT_SECRET": ""], ["MARTLET_JWT_JWKS_FILE": path], ["MARTLET_JWT_JWKS_FILE": path + "x"],
            ["MARTLET_JWT_JWKS_URL": "ftp://a.example/"], ["MARTLET_JWT_JWKS_URL": "https://u:p@a.example/"],
            ["MARTLET_JWT_JWKS_URL": "https://"],
            ["MARTLET_JWT_JWKS_URL": "https://a.example/", "MARTLET_CA_FILE": "/no"],
        ] {
            await #expect(throws: SettingError.self) { try await verifier(environment) }
        }
        try "no json".write(toFile: path, atomically: true, encoding: .utf8)
        await #expect(throws: SettingError.self) { try await verifier(["MARTLET_JWT_JWKS_FILE": path]) }
    }
}
