import JSON
import TestSupport
import Testing

extension EndToEnd {
    /// Document 001: what happens to catalogue, orders and tenants.
    @Suite struct Promises001CatalogueTests {
        @Test("Row 45: the stages of one order come in their order, one request each")
        func row045StagesInOrder() async throws {
            let scene = try await Scene.open { .status($0.number == 0 ? 503 : 200) }
            _ = try await scene.makeWebhook(
                #""ordering":"resource","retry":{"schedule":[1]}"#, events: ["order-pipeline-stage-changed"])
            let stages = ["received", "paid", "packed", "sent", "delivered"]
            _ = try await scene.post(
                batch: stages.map {
                    let data = #"{"orderId":"o1","stageId":"\#($0)"}"#
                    return #"{"type":"order-pipeline-stage-changed","resourceId":"o1","data":\#(data)}"#
                })
            try await scene.receiver.waitForRequests(stages.count + 1)
            let requests = try await scene.drained()
            #expect(try requests.map { try $0.json.text("data.stageId") } == ["received"] + stages)
        }

        @Test(
            "Rows 46–50: a product, document, folder, topic map or grid that is created or modified is delivered",
            arguments: ["product", "document", "folder", "topic-map", "grid"])
        func row046Items(resource: String) async throws {
            let scene = try await Scene.open()
            let types = ["\(resource)-created", "\(resource)-updated"]
            let came = try await scene.deliverEach(of: types) { #"{"id":"\#($0)","name":"Chair"}"# }.onePerKey()
            for type in types {
                let body = try #require(try came[type]?.json)
                #expect(body.text("type") == type && body.text("resource") == resource)
                #expect(body.text("resourceId") == type && body.text("data.name") == "Chair")
            }
        }

        @Test("Rows 46–50: the default payload of an item has its id and its type")
        func row046Types() async throws {
            let scene = try await Scene.open()
            let resources = ["product", "document", "folder", "topic-map", "grid"]
            let came = try await scene.deliverEach(
                of: resources.map { "\($0)-updated" }, members: #""dialect":"crystallize""#
            ) {
                #"{"id":"\#($0)","language":"en"}"#
            }.onePerKey()
            for resource in resources {
                let body = try #require(try came["\(resource)-updated"]?.json)
                #expect(body.text("id") == "\(resource)-updated" && body.text("type") == resource)
                #expect(body.text("language") == "en" && body.text("tenantId") == scene.tenant)
            }
        }

        @Test(
            "Rows 51 and 52: an item that is added to a stage of a Flow or removed from it is delivered with both",
            arguments: ["product", "document", "folder"])
        func row051Flows(resource: String) async throws {
            let scene = try await Scene.open()
            let types = ["\(resource)-flow-stage-added", "\(resource)-flow-stage-removed"]
            let came = try await scene.deliverEach(of: types) { _ in
                #"{"id":"item","flow":"my-new-flow","stage":"stage-1"}"#
            }.onePerKey()
            for type in types {
                let body = try #require(try came[type]?.json)
                #expect(body.text("resourceId") == "item" && body.text("data.stage") == "stage-1")
                #expect(body.text("event") == String(type.dropFirst(resource.count + 1)))
            }
        }

        @Test("Row 53: an order created and an order modified are two events; the one does not fire the other")
        func row053Orders() async throws {
            let scene = try await Scene.open()
            for type in ["order-created", "order-updated"] {
                _ = try await scene.makeWebhook(events: [type], path: "/" + type)
            }
            for type in ["order-created", "order-updated", "order-created"] {
                #expect(try await scene.post(type).deliveries == 1)
            }
            try await scene.receiver.waitForRequests(3)
            let paths = try await scene.drained().map(\.path)
            #expect(paths.sorted() == ["/order-created", "/order-created", "/order-updated"])
        }

        @Test(
            "Rows 55–57: a customer, price list or market that is created or modified is delivered",
            arguments: ["customer", "price-list", "market"])
        func row055Others(resource: String) async throws {
            let scene = try await Scene.open()
            let types = ["\(resource)-created", "\(resource)-updated"]
            let came = try await scene.deliverEach(of: types) { #"{"id":"\#($0)","of":"\#($0)"}"# }.onePerKey()
            for type in types {
                #expect(came[type]?.header("x-martlet-event") == type)
                #expect(try came[type]?.json.text("data.of") == type)
            }
        }

        @Test("Row 59: a copy of a tenant that starts, finishes or fails is delivered with its source and target")
        func row059TenantCopies() async throws {
            let scene = try await Scene.open()
            let types = ["tenant-copy-started", "tenant-copy-finished", "tenant-copy-failed"]
            let came = try await scene.deliverEach(of: types) { _ in
                #"{"sourceTenant":"acme","targetTenant":"acme-staging"}"#
            }.onePerKey()
            #expect(Set(came.keys) == Set(types))
            for request in came.values {
                #expect(try request.json.text("data.sourceTenant") == "acme")
                #expect(try request.json.text("data.targetTenant") == "acme-staging")
            }
        }

        @Test("Row 61: names of headers are kept and sent in lower case; two that differ by case are refused")
        func row061HeaderNames() async throws {
            let scene = try await Scene.open()
            let webhook = try await scene.makeWebhook(#""headers":{"Hello-Test":"World"}"#)
            #expect(try await scene.get(webhook.path).json?.at("headers")?.compactText == #"{"hello-test":"World"}"#)
            try await scene.post("order-created")
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            #expect(request.headerLines.filter { $0.lowercased().hasPrefix("hello-test:") } == ["hello-test: World"])
            let reply = try await scene.tryWebhook(#""headers":{"Hello-Test":"1","hello-test":"2"}"#)
            #expect(reply.status == 422 && reply.fields.count == 1, "\(reply.text)")
        }

        @Test("Row 62: values of headers arrive as given; what would break the request is refused")
        func row062HeaderValues() async throws {
            let scene = try await Scene.open()
            let values = ["authorization": "Bearer aBc==", "x-odd": #"a,b;c="d"  e"#, "x-empty": ""]
            let members = values.map { name, value in
                #""\#(name)":"\#(value.replacing("\"", with: "\\\""))""#
            }
            _ = try await scene.makeWebhook(#""headers":{\#(members.joined(separator: ","))}"#)
            try await scene.post("order-created")
            let request = try #require(try await scene.receiver.waitForRequests(1).first)
            for (name, value) in values { #expect(request.values(of: name) == [value]) }
            for wrong in [
                #""x-a":"b\r\nx-c: d""#, #""x-a":"b\nc""#, #""x-a\r\nb":"c""#, #""Content-Length":"1""#,
                #""host":"test.com""#, #""Transfer-Encoding":"chunked""#, #""connection":"close""#,
                #""x-crystallize-signature":"mine""#,
            ] {
                let reply = try await scene.tryWebhook(#""headers":{\#(wrong)}"#)
                #expect(reply.status == 422 && reply.fields.count == 1, "\(wrong): \(reply.text)")
            }
        }
    }
}
