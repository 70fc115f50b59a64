import Foundation
import Hosting
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceLifecycle
import TestSupport
import Testing
import Webhooks

@testable import Tenancy

/// Tokens that somebody else's library made (`PyJWT`), by keys that it published, against the router as services make
/// it from their settings.
@Suite struct PythonTokenTests {
    /// Keys of all kinds, their set, and by name the tokens of them: those that are good, and attacks.
    private static let script = """
        import base64, hashlib, hmac, json, jwt, sys, time
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
        secret = sys.stdin.read()
        private = {"RS256": rsa.generate_private_key(65537, 2048), "ES256": ec.generate_private_key(ec.SECP256R1()),
                   "EdDSA": ed25519.Ed25519PrivateKey.generate()}
        algorithms = jwt.algorithms.get_default_algorithms()
        keys = [algorithms[name].to_jwk(key.public_key(), as_dict=True) | {"kid": name, "use": "sig", "alg": name}
                for name, key in private.items()]
        pem = {name: key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
               for name, key in private.items()}
        now = int(time.time())
        claims = {"sub": "py", "iss": "https://issuer.example", "aud": ["other", "martlet"], "iat": now,
                  "exp": now + 600, "tenants": ["acme"], "permissions": ["webhooks:read"]}
        def make(name, head=None, key=None, **changes):
            body = {k: v for k, v in (claims | changes).items() if v is not None}
            return jwt.encode(body, key or private.get(name) or secret, algorithm=name, headers=head or {"kid": name})
        def part(value):
            data = value if isinstance(value, bytes) else json.dumps(value).encode()
            return base64.urlsafe_b64encode(data).rstrip(b"=")
        def by_hand(head, sign):
            text = part(head) + b"." + part(claims)
            return (text + b"." + part(sign(text))).decode()
        good = {name: make(name) for name in ["RS256", "ES256", "EdDSA", "HS256"]}
        good |= {name + " without kid": make(name, head={"x": "y"}) for name in private}
        good |= {name + " within the skew": make(name, exp=now - 20, nbf=now + 20) for name in good if " " not in name}
        bad = {"expired": make("ES256", exp=now - 40), "not yet": make("EdDSA", nbf=now + 60),
               "other issuer": make("RS256", iss="https://else.example"), "no issuer": make("RS256", iss=None),
               "other audience": make("ES256", aud="other"), "no audience": make("ES256", aud=None),
               "no expiry": make("EdDSA", exp=None), "unknown kid": make("ES256", head={"kid": "gone"}),
               "another's kid": make("ES256", head={"kid": "RS256"}),
               "own key": make("RS256", key=rsa.generate_private_key(65537, 2048)),
               "RS512": jwt.encode(claims, private["RS256"], algorithm="RS512", headers={"kid": "RS256"}),
               "PS256": jwt.encode(claims, private["RS256"], algorithm="PS256", headers={"kid": "RS256"}),
               "none": jwt.encode(claims, None, algorithm="none"), "nOnE": by_hand({"alg": "nOnE"}, lambda t: b""),
               "key in the head": by_hand({"alg": "EdDSA", "jwk": keys[2]}, lambda t: b"x" * 64),
               "critical": make("EdDSA", head={"kid": "EdDSA", "crit": ["b64"], "b64": True})}
        for name, key in pem.items():
            for kid in [None, name]:
                head = {"alg": "HS256"} | ({"kid": kid} if kid else {})
                bad[f"{name} as a secret, kid {kid}"] = by_hand(
                    head, lambda text: hmac.new(key, text, hashlib.sha256).digest())
        print(json.dumps({"set": json.dumps({"keys": keys}), "good": good, "bad": bad}))
        """

    private struct Made: Decodable {
        let set: String
        let good: [String: String]
        let bad: [String: String]
    }

    private static let secret = "a secret of the tests, of more than 32 bytes"

    private static func made() async throws -> Made {
        let python = try await Program.python(script, input: secret)
        try #require(python.status == 0, "\(python.output)")
        return try JSONDecoder().decode(Made.self, from: Data(python.output.utf8))
    }

    @Test("Good tokens are taken and attacks refused, with keys by URL and by file", arguments: [true, false])
    func tokens(isURL: Bool) async throws {
        let made = try await Self.made()
        let path = NSTemporaryDirectory() + "martlet-set-\(UUID().uuidString).json"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(made.set.utf8).write(to: URL(filePath: path))
        let provider = try TestReceiver(answers: ReceiverAnswer(body: made.set))
        let environment = [
            "MARTLET_JWT_SECRET": Self.secret, "MARTLET_JWT_ISSUER": "https://issuer.example",
            "MARTLET_JWT_AUDIENCE": "martlet",
            isURL ? "MARTLET_JWT_JWKS_URL" : "MARTLET_JWT_JWKS_FILE": isURL ? provider.url("/set") : path,
        ]
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let verifier = try await AccessTokenVerifier(settings: Settings(environment: environment), logger: quiet)
        #expect(verifier.isReady != isURL)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in verifier.services { group.addTask { try await service.run() } }
            try await check(made, verifier)
            group.cancelAll()
        }
        #expect(verifier.isReady)
    }

    private func check(_ made: Made, _ verifier: AccessTokenVerifier) async throws {
        let context = HostContext(name: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let company = context.router.tenantRoutes(verifier: verifier, directory: AccessTests.Directory())
        company.group("webhooks").requiring(.webhooks).get { _, context in context.token.subject ?? "-" }
        try await context.application().test(.router) { client in
            func answer(_ token: String) async throws -> TestResponse {
                try await client.execute(
                    uri: "/company/webhooks", method: .get,
                    headers: [.authorization: "Bearer \(token)", .xTenantID: "acme"])
            }
            for _ in 0..<2 {
                for (name, token) in made.good {
                    let answer = try await answer(token)
                    #expect(answer.status == .ok && String(buffer: answer.body) == "py", "\(name)")
                }
                for (name, token) in made.bad {
                    let answer = try await answer(token)
                    #expect(answer.status == .unauthorized, "\(name)")
                    #expect(answer.headers[.wwwAuthenticate] == #"Bearer error="invalid_token""#, "\(name)")
                }
            }
        }
    }
}
