import Foundation
import Testing
import struct TestSupport.ReceiverAnswer
import class TestSupport.TestReceiver

@testable import CommandLineTool

extension EndToEnd {
    /// A journey with secrets that are known, and a search for them in everything that the services wrote: logs at
    /// debug level, answers, history, metrics, and every column of every table.
    @Suite struct SecretLeakTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        /// Secrets by what they are; each is found by its first characters, as masks show the last ones.
        private struct Known {
            private(set) var all: [String: String] = [:]

            mutating func make(_ name: String, prefix: String = "") -> String {
                let random = (0..<24).map { _ in String("abcdefghjkmnpqrstuvwxyz".randomElement()!) }.joined()
                return add(name, prefix + "s3cr3t" + random)
            }

            mutating func add(_ name: String, _ secret: String) -> String {
                all[name] = secret
                return secret
            }

            /// Where a secret shows in `text`: as it is, as base64, or as PostgreSQL writes bytes.
            func found(in text: String) -> [String] {
                let text = Data(text.utf8)
                return all.filter { _, secret in
                    let head = Array(secret.utf8.prefix(24))
                    let hex = head.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                    return [String(decoding: head, as: UTF8.self), hex, Data(head).base64EncodedString()].contains {
                        text.range(of: Data($0.utf8)) != nil
                    }
                }.map(\.key).sorted()
            }
        }

        private func webhooks(_ known: inout Known, _ receiver: TestReceiver, _ endpoint: TestReceiver) -> [String] {
            let signing = known.add(
                "signing secret", "whsec_" + Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
            )
            let refused = receiver.url("/401")
            let pem = "-----BEGIN PRIVATE KEY-----\\n\(known.make("client key"))\\n-----END PRIVATE KEY-----"
            let certificate = "-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----"
            let password = known.make("password")
            _ = known.add("basic credentials", Data("someone:\(password)".utf8).base64EncodedString())
            let authentications: [(String, String)] =
                [
                    (refused, #"{"type":"bearer","token":"\#(known.make("bearer token"))"}"#),
                    (refused, #"{"type":"basic","username":"someone","password":"\#(password)"}"#),
                    (receiver.url(), #"{"type":"header","name":"AUTH_TOKEN","value":"\#(known.make("header"))"}"#),
                    (
                        "https://127.0.0.1:\(receiver.port)",
                        #"{"type":"mtls","certificate":"\#(certificate)","key":"\#(pem)"}"#
                    ),
                ]
                + ["/token", "/400"].map { path in
                    let secret = known.make("client secret \(path)")
                    return (
                        receiver.url(),
                        #"{"type":"oauth2","tokenURL":"\#(endpoint.url(path))","clientId":"c","#
                            + #""clientSecret":"\#(secret)"}"#
                    )
                }
            let dialects = ["crystallize", "shopery"].map { dialect in
                let secret = dialect == "shopery" ? #","secret":"\#(known.make("secret of shopery"))""# : ""
                return #"{"name":"w","url":"\#(receiver.url("/\(dialect)"))","events":["order-created"],"#
                    + #""dialect":"\#(dialect)"\#(secret)}"#
            }
            return dialects
                + authentications.enumerated().map { number, each in
                    let secret = number == 0 ? #","secret":"\#(signing)""# : ""
                    return #"{"name":"w","url":"\#(each.0)","events":["order-created"],"retry":{"maxAttempts":1},"#
                        + #""authentication":\#(each.1)\#(secret)}"#
                }
        }

        /// Requests that go wrong with a secret in them.
        private func stumble(_ known: inout Known, _ caller: Caller, _ webhook: String) async throws {
            let path = "/company/webhooks/\(webhook)"
            let wrong = known.make("a secret in a refused body")
            for body in [
                #"{"secret":"\#(wrong)"}"#, #"{"\#(wrong)":1}"#,
                #"{"authentication":{"type":"bearer","token":"\#(wrong)\n"}}"#,
                #"{"authentication":{"type":"bearer","token":"\#(wrong)"#,
            ] {
                #expect(try await [400, 422].contains(caller.api.send("PATCH", path, body: Array(body.utf8)).status))
            }
            for token in [known.make("a token that is none"), known.make("a key that is none", prefix: "martlet_")] {
                var stranger = caller.api
                stranger.token = token
                #expect(try await stranger.send("GET", path).status == 401)
            }
            struct Key: Decodable { let key: String }
            let body = Array(#"{"name":"k","permissions":["events:write","webhooks:read"]}"#.utf8)
            let made: Key = try await caller.api.require([201], "POST", "/company/api-keys", body: body).decoded()
            var (api, ingester) = (caller.api, caller.ingester)
            (api.token, ingester.token) = (known.add("API key", made.key), made.key)
            #expect(try await api.send("GET", path).status == 200)
            #expect(try await ingester.send("POST", "/company/events", body: Array("[".utf8)).status == 400)
        }

        /// What the services say about it all, by where they say it.
        private func said(to caller: Caller, about webhooks: [String]) async throws -> [String: String] {
            var said: [String: String] = [:]
            var paths = ["webhooks", "events", "deliveries", "api-keys"].map { "/company/\($0)" }
            for id in webhooks { paths += ["/company/webhooks/\(id)", "/company/webhooks/\(id)/invocations"] }
            for path in paths { said[path] = try await caller.api.require([200], "GET", path).text }
            let ports = SettingsFile(path: stack.folder + "/run/ports.env").values
            for service in StackService.allCases {
                let client = ServiceClient(
                    url: "http://127.0.0.1:\(try #require(ports[service.rawValue]))", engine: try .forCommands())
                said["\(service) metrics"] = try await client.require([200], "GET", "/metrics").text
                let log = stack.folder + "/log/\(service.rawValue).log"
                said["\(service) log"] = try String(contentsOfFile: log, encoding: .utf8)
            }
            let tables = try await stack.query("SELECT tablename FROM pg_tables WHERE schemaname = 'martlet'")
            for table in tables.split(separator: "\n") {
                said["table \(table)"] = try await stack.query("SELECT t::text FROM martlet.\(table) t")
            }
            return said
        }

        @Test func nothingThatIsSecretIsWritten() async throws {
            var known = Known()
            let receiver = try TestReceiver { ReceiverAnswer(status: $0.target == "/401" ? 401 : 200) }
            let granted = known.make("access token")
            let endpoint = try TestReceiver { request in
                request.target == "/token" ? ReceiverAnswer(body: #"{"access_token":"\#(granted)"}"#) : .status(400)
            }
            let caller = try await Caller.newTenant(of: stack)
            // Its signature: the head of a token is the same in all of them, and in those that sign deliveries.
            _ = known.add("JWT", String(try #require(caller.api.token?.split(separator: ".").last)))
            for (name, value) in stack.secrets.values { _ = known.add(name, value) }
            let allowance = Array(#"{"settings":{"allowHTTP":true}}"#.utf8)
            _ = try await Caller.admin(of: stack).require(
                [200], "PATCH", "/admin/tenants/\(caller.tenant)", body: allowance)
            struct Signature: Decodable { let signatureSecret: String }
            let signature: Signature = try await caller.api.require([200], "GET", "/company/signature-secret").decoded()
            _ = known.add("signature secret", signature.signatureSecret)

            struct Made: Decodable { let id: String }
            var ids: [String] = []
            for body in webhooks(&known, receiver, endpoint) {
                let made: Made = try await caller.api.require(
                    [201], "POST", "/company/webhooks", body: Array(body.utf8)
                ).decoded()
                ids.append(made.id)
            }
            try await stumble(&known, caller, ids[0])
            let accepted = try #require(try await caller.post(order: 1))
            #expect(accepted.deliveries == ids.count)
            struct Page: Decodable { let data: [Made] }
            for id in ids {
                let isRecorded = try await Deadline.wait(for: .seconds(30)) {
                    let path = "/company/webhooks/\(id)/invocations"
                    let page: Page = try await caller.api.require([200], "GET", path).decoded()
                    return !page.data.isEmpty
                }
                #expect(isRecorded)
            }
            #expect(receiver.requests.contains { $0.header("authorization") == "Bearer \(granted)" })

            let shopery = try #require(known.all["secret of shopery"])
            #expect(receiver.requests.contains { $0.header("x-shopery-secret") == shopery })
            #expect(receiver.requests.contains { $0.header("x-crystallize-signature") != nil })

            let said = try await said(to: caller, about: ids)
            for (place, text) in said { #expect(known.found(in: text).isEmpty, "\(place)") }
            // The search would find something: services log at debug, and what is no secret is there.
            #expect(said["api log"]?.contains(#""level":"debug""#) == true)
            #expect(said["table tenants"]?.contains(caller.tenant) == true)
            #expect(said["/company/webhooks/\(ids[1])/invocations"]?.contains("••••\(shopery.suffix(4))") == true)
            #expect(said["/company/webhooks/\(ids[2])/invocations"]?.contains("Bearer ••••") == true)
        }
    }
}
