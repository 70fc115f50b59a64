import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 002: every request is signed with the tenant's secret.
    @Suite struct Promises002SignatureTests {
        private let crystallize = #""dialect":"crystallize""#

        /// A verifier with the secret of the scene's tenant.
        private func verifier(of scene: Scene, url: String? = nil) async throws -> CrystallizeVerifier {
            let secret = try await scene.get("/company/signature-secret").json?.text("signatureSecret")
            return CrystallizeVerifier(secret: try #require(secret), url: url ?? scene.receiver.url("/hook"))
        }

        @Test("Row 80: nothing is sent without a signature, be it a test, a first try, a retry or a GET")
        func row080AllAreSigned() async throws {
            let scene = try await Scene.open { .status($0.number % 3 == 0 ? 500 : 200) }
            try await scene.patchTenant(#""allowHTTP":true"#)
            for dialect in ["standard", "crystallize", "shopery"] {
                for method in ["POST", "GET"] {
                    let webhook = try await scene.makeWebhook(
                        #""dialect":"\#(dialect)","method":"\#(method)","retry":{"schedule":[1],"maxAttempts":9}"#,
                        path: "/" + dialect)
                    _ = try await scene.ask("POST", webhook.path + "/test")
                }
            }
            _ = try await scene.post(batch: (0..<30).map { #"{"type":"order-created","data":{"id":"\#($0)"}}"# })
            try await scene.receiver.waitForRequests(180, within: .seconds(60))
            let requests = try await scene.drained()
            let names = [
                "/standard": "webhook-signature", "/crystallize": "x-crystallize-signature",
                "/shopery": "x-shopery-secret",
            ]
            let unsigned = requests.filter { $0.values(of: names[$0.path] ?? "").count != 1 }
            #expect(unsigned.isEmpty && requests.count > 186, "\(unsigned.count) of \(requests.count)")
        }

        @Test(
            "Rows 39, 60, 81 and 83: the signature of every method verifies with the tenant's secret and no other's",
            arguments: ["POST", "PUT", "PATCH", "DELETE", "GET"])
        func row081Genuine(method: String) async throws {
            let (scene, other) = (try await Scene.open(), try await Scene.open())
            let path = "/hook?token=a"
            _ = try await scene.makeWebhook(crystallize + #","method":"\#(method)""#, path: path)
            try await scene.post("order-created", #"{"id":"1","note":"Bård \"x\" & Söhne","total":10.1125,"n":null}"#)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(request.method == method && request.values(of: "x-crystallize-signature").count == 1)
            let url = scene.receiver.url(path)
            let claims = try await verifier(of: scene, url: url).claims(of: request)
            #expect(claims != nil, "\(request.target) \(request.bodyText)")
            #expect(claims?.text("tenantIdentifier") == scene.tenant && claims?.text("iss") == "crystallize")
            #expect(claims?.text("aud") == "webhook" && claims?.text("sub") == "signature")
            #expect((claims?.number("exp") ?? 0) - (claims?.number("iat") ?? 0) == 300)
            #expect(try await verifier(of: other, url: url).claims(of: request) == nil)
        }

        @Test("Rows 68 and 82: one byte of body, URL or method that is another, and the verifier refuses")
        func row082Tampered() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(crystallize)
            try await scene.post("order-created", #"{"id":"1","total":10.1125}"#)
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            let own = try await verifier(of: scene)
            #expect(own.claims(of: request) != nil)
            var body = request.body
            body[body.count - 2] ^= 1
            #expect(own.claims(of: request, body: body) == nil)
            #expect(own.claims(of: request, method: "PUT") == nil)
            #expect(CrystallizeVerifier(secret: own.secret, url: own.url + "/").claims(of: request) == nil)
            // The command-line tool says the same.
            let signature = try #require(request.header("x-crystallize-signature"))
            func verify(_ url: String, _ method: String, _ body: [UInt8]) async throws -> Program {
                try await Scene.martlet(
                    [
                        "verify", "--dialect", "crystallize", "--secret", own.secret, "--url", url, "--method", method,
                        "--signature", signature,
                    ], input: String(decoding: body, as: UTF8.self))
            }
            let genuine = try await verify(own.url, "POST", request.body)
            #expect(genuine.status == 0, "\(genuine.output)")
            for (url, method, body) in [
                (own.url, "POST", body), (own.url, "PUT", request.body), (own.url + "x", "POST", request.body),
            ] {
                #expect(try await verify(url, method, body).status == 1, "\(method) \(url)")
            }
        }

        @Test("Row 84: beside it is the HMAC-SHA256 of the body alone")
        func row084BodyHMAC() async throws {
            let scene = try await Scene.open()
            for method in ["POST", "GET"] { _ = try await scene.makeWebhook(crystallize + #","method":"\#(method)""#) }
            try await scene.post("order-created", #"{"id":"1","note":"Bård"}"#)
            let own = try await verifier(of: scene)
            for request in try await scene.receiver.waitForRequests(2) {
                #expect(request.values(of: "x-martlet-body-hmac") == [own.bodyHMAC(of: request)])
                let openssl = try await Program.run(
                    "/usr/bin/env", ["openssl", "dgst", "-sha256", "-hmac", own.secret], input: request.bodyText)
                #expect(openssl.output.contains(own.bodyHMAC(of: request)), "\(openssl.output)")
            }
        }

        @Test("Row 85: the tenant's secret can be read by who may write, and rotated: the next request has the new one")
        func row085Rotation() async throws {
            let scene = try await Scene.open()
            _ = try await scene.makeWebhook(crystallize)
            let old = try await verifier(of: scene)
            let reader = scene.asked(with: try await scene.token(permissions: ["webhooks:read"]))
            #expect(try await reader.ask("GET", "/company/signature-secret").status == 403)
            #expect(try await reader.ask("POST", "/company/signature-secret/rotate").status == 403)
            try await scene.post("order-created")
            let first = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(try await scene.ask("POST", "/company/signature-secret/rotate").status == 200)
            let new = try await verifier(of: scene)
            #expect(old.secret != new.secret && old.claims(of: first) != nil && new.claims(of: first) == nil)
            try await scene.post("order-created")
            let second = try #require(try await scene.receiver.waitForRequests(2).last)
            #expect(new.claims(of: second) != nil && old.claims(of: second) == nil)
        }
    }
}
