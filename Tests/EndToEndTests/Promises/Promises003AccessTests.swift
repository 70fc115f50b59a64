import Foundation
import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 003: who may make a webhook, and where.
    @Suite struct Promises003AccessTests {
        private let body = #"{"name":"webhook test","url":"https://test.com/wh","events":["order-created"]}"#

        /// What an attempt to make a webhook is answered, and that it made none.
        private func refusal(_ scene: Scene, with token: String?) async throws -> Int {
            let status = try await scene.asked(with: token).ask("POST", "/company/webhooks", body).status
            #expect(try await scene.get("/company/webhooks").data.isEmpty)
            return status
        }

        @Test("Rows 126 and 135: without a valid token that has not expired nobody is let in")
        func row126Tokens() async throws {
            let scene = try await Scene.open()
            let good = try await scene.token()
            let parts = good.split(separator: ".")
            let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().filter { $0 != "=" }
            let forged = try await scene.token(secret: String(repeating: "another secret ", count: 3))
            for (what, token) in [
                ("no token", nil), ("no JWT", "secret"), ("another secret's", forged),
                ("expired", try await scene.token(seconds: -60)),
                ("alg none", "\(none).\(parts[1])."), ("alg none, signed", "\(none).\(parts[1]).\(parts[2])"),
                ("cut off", String(good.dropLast())),
            ] {
                #expect(try await refusal(scene, with: token) == 401, "\(what)")
            }
            let reply = try await scene.asked(with: good).ask("POST", "/company/webhooks", body)
            #expect(reply.status == 201, "\(reply.text)")
        }

        @Test("Row 127: a token without the permission changes nothing")
        func row127Permissions() async throws {
            let scene = try await Scene.open()
            for permissions in [[], ["webhooks:read"], ["events:write", "deliveries:write", "metrics:read"]] {
                let token = try await scene.token(permissions: permissions)
                #expect(try await refusal(scene, with: token) == 403, "\(permissions)")
            }
            let webhook = try await scene.makeWebhook()
            let reader = scene.asked(with: try await scene.token(permissions: ["webhooks:read"]))
            #expect(try await reader.get(webhook.path).status == 200)
            #expect(try await reader.ask("DELETE", webhook.path).status == 403)
            #expect(try await reader.ask("PATCH", webhook.path, #"{"name":"mine"}"#).status == 403)
            #expect(try await reader.ask("GET", webhook.path + "/secret").status == 403)
            #expect(try await scene.get(webhook.path).json?.text("name") == "promise")
        }

        @Test("Row 136: the tenant is named, is one of the token's, and sees nothing of others")
        func row136Tenants() async throws {
            let (mine, theirs) = (try await Scene.open(), try await Scene.open())
            let webhook = try await theirs.makeWebhook()
            let event = try await theirs.post("order-created")
            let invocation = try await theirs.invocations(of: webhook)[0].text("id") ?? ""
            #expect(try await mine.ask("GET", "/company/webhooks", tenant: nil).status == 400)
            #expect(try await mine.ask("GET", "/company/webhooks", tenant: theirs.tenant).status == 403)
            #expect(try await mine.ask("POST", "/company/webhooks", body, tenant: theirs.tenant).status == 403)
            #expect(try await mine.ask("GET", "/company/webhooks", tenant: "nobody").status == 403)
            for list in ["webhooks", "events", "deliveries"] {
                #expect(try await mine.get("/company/\(list)").data.isEmpty, "\(list)")
            }
            for path in [
                webhook.path, webhook.path + "/invocations", webhook.path + "/metrics", webhook.path + "/secret",
                "/company/events/\(event.id)", "/company/invocations/\(invocation)",
            ] {
                #expect(try await mine.ask("GET", path).status == 404, "\(path)")
            }
            #expect(try await mine.ask("DELETE", webhook.path).status == 404)
            #expect(try await theirs.get("/company/webhooks").data.count == 1)
        }

        @Test("Row 134: a body of another type is 415, one that is no JSON is 400")
        func row134ContentType() async throws {
            let scene = try await Scene.open()
            for type in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
                let reply = try await scene.ask("POST", "/company/webhooks", body, contentType: type)
                #expect(reply.status == 415, "\(type)")
            }
            for malformed in ["", "{", #"{"name":"#, body + "}", "name=webhook"] {
                let reply = try await scene.ask("POST", "/company/webhooks", malformed)
                #expect(reply.status == 400, "\(malformed)")
            }
            #expect(try await scene.get("/company/webhooks").data.isEmpty)
        }

        @Test("Row 138: a URL is absolute and http(s), and no private or local address may be called")
        func row138Addresses() async throws {
            let scene = try await Scene.open()
            for url in [
                "", "/relative", "test.com/wh", "ftp://test.com/wh", "https://", "https://user:word@test.com/",
                "https://test.com/#part", "https://test.com:99999/",
                // The stack allows loopback, for its receivers; nothing else that is not public.
                "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest",
                "http://0xa000001/", "http://10.1/", "http://[::ffff:10.0.0.1]/", "http://[fd00::1]/",
                "http://100.64.0.1/", "http://[64:ff9b::a00:1]/",
            ] {
                let reply = try await scene.tryWebhook(url: url)
                #expect(reply.status == 422 && reply.fields == ["url"], "\(url): \(reply.text)")
            }
            #expect(try await scene.get("/company/webhooks").data.isEmpty)
            #expect(try await scene.tryWebhook(url: "https://test.com/wh").status == 201)
        }

        @Test("Row 120: a list holds what was made from an instant on, that instant included")
        func row120CreatedAtMin() async throws {
            let scene = try await Scene.open(.status(500))
            let webhook = try await scene.makeWebhook(#""retry":{"schedule":[3600]}"#)
            let event = try await scene.post("order-created")
            try await scene.invocations(of: webhook)
            for list in ["webhooks", "events", "deliveries"] {
                let path = "/company/\(list)"
                let created = try #require(try await scene.get(path).data.first?.text("createdAt"))
                let zoned = created.replacingOccurrences(of: "Z", with: "%2B00:00")
                for from in [created, zoned, "2020-01-01T00:00:00Z"] {
                    #expect(try await scene.get("\(path)?created_at_min=\(from)").data.count == 1, "\(path) \(from)")
                }
                #expect(try await scene.get("\(path)?created_at_min=2200-01-01T00:00:00Z").data.isEmpty)
                #expect(try await scene.get("\(path)?created_at_max=2020-01-01T00:00:00Z").data.isEmpty)
            }
            let paths = ["webhooks", "events", "deliveries", "events/\(event.id)/deliveries"].map { "/company/\($0)" }
            for path in paths + [webhook.path + "/invocations", webhook.path + "/changes"] {
                for wrong in ["yesterday", "2020-01-01", "2020-01-01T00:00:00", "1577836800", ""] {
                    #expect(try await scene.ask("GET", "\(path)?created_at_min=\(wrong)").status == 400, "\(path)")
                }
            }
        }

        @Test("Row 121: a list holds what was changed from an instant on, that instant included")
        func row121UpdatedAtMin() async throws {
            let scene = try await Scene.open()
            let (old, changed) = (try await scene.makeWebhook(), try await scene.makeWebhook())
            try await scene.patch(changed, #""name":"changed""#)
            let updated = try #require(try await scene.get(changed.path).json?.text("updatedAt"))
            let found = try await scene.get("/company/webhooks?updated_at_min=\(updated)").data
            #expect(found.map { $0.text("id") } == [changed.id])
            let all = try await scene.get("/company/webhooks?updated_at_min=\(old.json.text("updatedAt") ?? "")").data
            #expect(Set(all.compactMap { $0.text("id") }) == [old.id, changed.id])
            for wrong in ["now", "2020-01-01T00:00:00"] {
                #expect(try await scene.ask("GET", "/company/webhooks?updated_at_min=\(wrong)").status == 400)
            }
        }

        @Test("Row 122: a job that asks for what changed since its last run misses nothing that is written meanwhile")
        func row122Job() async throws {
            let scene = try await Scene.open()
            var since = try #require(try await scene.makeWebhook().json.text("updatedAt"))
            let writing = Task {
                var made: Set<String> = []
                for _ in 0..<40 { made.insert(try await scene.makeWebhook().id) }
                return made
            }
            var found: Set<String> = []
            var isLast = false
            while true {
                let (ids, latest) = try await changed(scene, since: since)
                found.formUnion(ids)
                since = max(since, latest)
                if isLast { break }
                // One more run when everything is written.
                if found.count > 20 {
                    _ = try await writing.value
                    isLast = true
                }
            }
            let made = try await writing.value
            #expect(found.isSuperset(of: made) && made.count == 40)
        }

        /// All pages of what changed; the instant to go on from.
        private func changed(_ scene: Scene, since: String) async throws -> (ids: Set<String>, latest: String) {
            var (ids, latest): (Set<String>, String) = ([], since)
            var path: String? = "/company/webhooks?limit=7&updated_at_min=\(since)"
            while let next = path {
                let page = try await scene.get(next)
                for webhook in page.data {
                    ids.insert(webhook.text("id") ?? "")
                    latest = max(latest, webhook.text("updatedAt") ?? "")
                }
                path = page.json?.text("nextCursor").map {
                    "/company/webhooks?limit=7&updated_at_min=\(since)&cursor=\($0)"
                }
            }
            return (ids, latest)
        }
    }
}
