import Dressing
import Foundation
import JSON
import Testing
import Webhooks
import struct TestSupport.Program
import struct TestSupport.SeededRandom

/// Other people's code says whether requests of dialect `crystallize` are right: `PyJWT`, and Node.js.
@Suite struct OutsideJudgeTests {
    private func requests() throws -> [(webhook: PreparedWebhook, request: DressedRequest)] {
        let data = [
            #"{"id":"68e4","name":"Bård 😀","gross":10.1125,"net":35,"big":12345678901234567890,"10":1}"#,
            #"{"b":"\u00e5\ud800","2":"\ud83d\ude00","1":0.10}"#,
            #"{"a":-0,"b":1e400,"c":"\u001f\/","d":[1],"e":null,"f":true,"__proto__":"p","a":1E-7}"#, "{}",
        ]
        return try data.flatMap { data in
            try WebhookConfiguration.Method.allCases.flatMap { method in
                try ["https://Example.com:443/a/../wh?x=1&type=å'", "http://127.0.0.1:8000"].map { url in
                    let webhook = try Sample.prepare {
                        $0.dialect = .crystallize
                        $0.method = method
                        $0.url = url
                    }
                    return (webhook, Sample.dress(Sample.event(data: data), for: webhook, at: .now))
                }
            }
        }
    }

    private func list(_ requests: [(webhook: PreparedWebhook, request: DressedRequest)]) throws -> String {
        var writer = JSONWriter()
        writer.array { writer in
            for (webhook, request) in requests {
                writer.object { writer in
                    writer.member("url", request.url)
                    writer.member("webhookUrl", webhook.webhook.configuration.url)
                    writer.member("method", request.method)
                    writer.member("body", request.text)
                    writer.member("token", request.header("x-crystallize-signature"))
                    writer.member("code", request.header("x-martlet-body-hmac"))
                }
            }
        }
        return writer.text
    }

    @Test func pyJWTTrustsTheToken() async throws {
        let requests = try requests()
        let script = """
            import hashlib, hmac, json, jwt, sys
            secret = "\(Sample.tenantSecret)"
            count = 0
            for request in json.load(sys.stdin):
                claims = jwt.decode(request["token"], secret, algorithms=["HS256"], audience="webhook",
                                    issuer="crystallize", options={"require": ["exp", "iat", "aud", "iss", "sub"]})
                assert claims["sub"] == "signature" and claims["exp"] - claims["iat"] == 300, claims
                assert claims["tenantId"] == claims["tenantIdentifier"] == "acme", claims
                code = hmac.new(secret.encode(), (request["body"] or "").encode(), hashlib.sha256).hexdigest()
                assert request["code"] == code, request
                try:
                    jwt.decode(request["token"], "the signature secret of another tenant", algorithms=["HS256"],
                               audience="webhook")
                    assert False, "another secret was as good"
                except jwt.InvalidSignatureError:
                    count += 1
            print(count)
            """
        let answer = try await Program.python(script, input: try list(requests))
        #expect(answer.output == "\(requests.count)\n", "\(answer.output)")
    }

    /// Written as receivers do it: `JSON.stringify` of what came, for a GET of the members that the webhook's own URL
    /// lacks.
    @Test func nodeComputesTheSameHash() async throws {
        let requests = try requests()
        let script = """
            const { createHash } = require("crypto");
            function members(url) {
              const all = {};
              for (const [k, v] of new URL(url).searchParams) all[k] = v;
              return all;
            }
            let count = 0;
            for (const r of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
              const own = members(r.webhookUrl), added = {};
              for (const [k, v] of Object.entries(members(r.url))) if (!Object.hasOwn(own, k)) added[k] = v;
              const isGET = r.method === "GET";
              const body = isGET ? (Object.keys(added).length ? added : null) : JSON.parse(r.body);
              if (!isGET && JSON.stringify(body) !== r.body) throw new Error("no fixed point: " + r.body);
              const challenge = { url: new URL(isGET ? r.webhookUrl : r.url).href, method: r.method, body };
              const hash = createHash("sha256").update(JSON.stringify(challenge)).digest("hex");
              const claims = JSON.parse(Buffer.from(r.token.split(".")[1], "base64url"));
              if (claims.hmac !== hash) throw new Error(JSON.stringify(challenge));
              count += 1;
            }
            console.log(count);
            """
        let node = try await Program.run("/usr/bin/env", ["node", "-e", script], input: try list(requests))
        #expect(node.output == "\(requests.count)\n", "\(node.output)")
    }

    @Test func nodeNormalisesURLsInTheSameWay() async throws {
        var random = SeededRandom(seed: 7)
        func any(_ choices: [String]) -> String { choices[Int(random.next() % UInt64(choices.count))] }
        let urls = (0..<20_000).map { _ in
            let host = any([
                "example.com", "A.b-C_d.", "127.1", "0x7f.0.0.1", "0177.0.0.1.", "2130706433", "[::1]",
                "[::FFFF:1.2.3.4]",
                "[1:0:0:2:0:0:0:3]", "[0:0:1::]", "localhost", "a..", "1.2.3.4.5", "[1:2:3:4:5:6:7:0]",
                "xn--bcher-kva.example",
            ])
            let parts = [
                "a", ".", "..", "%2e", "%2E.", "", "b c", "å", "{x}", "`\"", "<>", "'", "|",
                "~!$&()*+,;=:@", "%zz", "\\",
            ]
            let path = (0..<(random.next() % 6)).map { _ in any(["/", "/", "\\"]) + any(parts) + any(parts) }.joined()
            let query = any(["", "", "?", "?a=b&c", "?x='\"<>`{}|", "?å=%C3%A5&..", "?a?b"])
            return any(["http", "HTTPS", "https"]) + "://" + host + any(["", "", ":80", ":443", ":8080", ":00080"])
                + (path.isEmpty || path.first == "/" ? path : "/" + path) + query
        }
        let script = """
            const href = url => { try { return new URL(url).href } catch { return null } };
            console.log(JSON.stringify(JSON.parse(require("fs").readFileSync(0, "utf8")).map(href)));
            """
        let input = String(decoding: try JSONEncoder().encode(urls), as: UTF8.self)
        let node = try await Program.run("/usr/bin/env", ["node", "-e", script], input: input)
        let normal = try JSONDecoder().decode([String?].self, from: Data(node.output.utf8))
        try #require(normal.count == urls.count)
        #expect(normal.compactMap(\.self).count > 10_000)
        var different = 0
        for (url, expected) in zip(urls, normal) where WebURL.normalForm(of: url) != expected ?? url {
            different += 1
            if different < 10 { Issue.record("\(url): \(WebURL.normalForm(of: url)), node: \(expected ?? "none")") }
        }
    }
}
