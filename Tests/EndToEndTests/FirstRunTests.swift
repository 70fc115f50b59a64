import Foundation
import Testing
import struct TestSupport.Program
import enum TestSupport.Repository

@testable import CommandLineTool

extension EndToEnd {
    /// What `make up` promises, in API.md's section of that name.
    @Suite struct FirstRunTests {
        let stack: RunningStack

        init() throws { stack = try EndToEnd.stack }

        @Test func theReportShowsTheOrder() {
            #expect(stack.report.contains(#""firstName":"Bård""#))
            #expect(stack.report.contains(#""gross":10.1125"#))
            #expect(stack.report.contains("Its signature verifies."))
        }

        @Test func theSettingsAreWrittenDown() throws {
            let text = try String(contentsOfFile: stack.folder + "/martlet.env", encoding: .utf8)
            let names = text.split(separator: "\n").compactMap { $0.split(separator: "=").first.map(String.init) }
            #expect(
                names == [
                    "MARTLET_API_URL", "MARTLET_INGEST_URL", "MARTLET_METRICS_URL", "MARTLET_RECEIVER_URL",
                    "MARTLET_TENANT", "MARTLET_TOKEN", "MARTLET_JWT_SECRET", "MARTLET_DATABASE_URL",
                ])
            for file in ["martlet.env", "secrets.env"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: stack.folder + "/" + file)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
            }
        }

        @Test(arguments: StackService.allCases)
        func aPidFileNamesTheServiceItself(service: StackService) throws {
            let pid = try stack.pid(of: service.rawValue)
            let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe")
            #expect(executable.hasSuffix("/" + service.executableName))
            #expect(getsid(pid) == pid, "it has a session of its own")
            #expect(FileManager.default.fileExists(atPath: stack.folder + "/log/\(service.rawValue).log"))
        }

        /// A shell may have read another stack's martlet.env: what the database is, is said, and no password.
        @Test func aDatabaseThatIsNotTheStacksIsNamed() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString)")
                .path(percentEncoded: false)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let url = "postgres://martlet:not-to-be-shown@127.0.0.1:1/elsewhere"
            let up = try await RunningStack.up(in: folder, settings: ["MARTLET_DATABASE_URL": url])
            #expect(up.status != 0, "nobody listens there")
            #expect(up.output.contains("127.0.0.1:1/elsewhere"), "\(up.output)")
            #expect(!up.output.contains("not-to-be-shown"), "\(up.output)")
        }

        /// Somebody else's code says so: Python's `standardwebhooks`.
        @Test func theOrderVerifies() async throws {
            let request = try #require(stack.receivedByDemo.last)
            let secret = try #require(stack.secrets.values["DEMO_WEBHOOK_SECRET"])
            let input = try JSONSerialization.data(
                withJSONObject: ["secret": secret, "headers": request.headers, "body": request.body])
            let python = try await Program.python(
                """
                import json, sys
                from standardwebhooks import Webhook
                given = json.load(sys.stdin)
                event = Webhook(given["secret"]).verify(given["body"], given["headers"])
                print(event["type"], event["data"]["customer"]["firstName"], event["data"]["cart"][1]["price"]["gross"])
                given["body"] = given["body"].replace("10.1125", "10.1126")
                try: Webhook(given["secret"]).verify(given["body"], given["headers"])
                except Exception: print("a changed body does not")
                """, input: String(decoding: input, as: UTF8.self))
            #expect(python.status == 0, "\(python.output)")
            #expect(python.output == "order-created Bård 10.1125\na changed body does not\n")
        }

        /// A token that somebody else made: Python's `PyJWT`.
        @Test func aTokenMadeElsewhereIsGood() async throws {
            let settings = stack.settings
            let python = try await Program.python(
                """
                import jwt, sys, time
                claims = {"sub": "py", "exp": int(time.time()) + 60}
                claims |= {"tenants": ["demo"], "permissions": ["webhooks:read"]}
                print(jwt.encode(claims, sys.stdin.read(), algorithm="HS256"), end="")
                """, input: try #require(settings.values["MARTLET_JWT_SECRET"]))
            #expect(python.status == 0, "\(python.output)")
            var client = ServiceClient(
                url: try #require(settings.values["MARTLET_API_URL"]), token: python.output, tenant: "demo",
                engine: try .forCommands())
            #expect(try await client.send("GET", "/company/webhooks").status == 200)
            #expect(try await client.send("POST", "/company/webhooks", body: Array("{}".utf8)).status == 403)
            client.token = settings.values["MARTLET_TOKEN"]
            #expect(try await client.send("GET", "/company/webhooks").status == 200)
        }

        @Test func statusSaysReady() async throws {
            let status = try await Program.run(
                Repository.executables + "/martlet", ["status", "--directory", stack.folder])
            #expect(status.status == 0, "\(status.output)")
            for service in StackService.allCases {
                #expect(status.output.contains(try Regex("\(service.rawValue) +[0-9]+ +ready")))
            }
        }

        /// All over again: nothing is started twice, and what was killed comes back where it was.
        @Test func upIsSafeToRepeat() async throws {
            let before = try ["ingester", "delivery", "metrics"].map(stack.pid)
            let (api, settings) = (try stack.pid(of: "api"), stack.settings)
            try await stack.kill9("api")
            try await stack.up()
            #expect(try ["ingester", "delivery", "metrics"].map(stack.pid) == before)
            #expect(try stack.pid(of: "api") != api)
            #expect(stack.settings.values["MARTLET_API_URL"] == settings.values["MARTLET_API_URL"])
        }

        @Test func everyServiceHasMetrics() async throws {
            for service in StackService.allCases {
                let ports = SettingsFile(path: stack.folder + "/run/ports.env").values
                let port = try #require(ports[service.rawValue])
                let client = ServiceClient(url: "http://127.0.0.1:\(port)", engine: try .forCommands())
                let metrics = try await client.require([200], "GET", "/metrics").text
                #expect(metrics.contains("# TYPE "))
                if service == .metrics { #expect(metrics.contains(#"martlet_queue_depth{state="due"}"#)) }
            }
        }
    }
}
