import Foundation
import JSON
import Testing
import struct TestSupport.Program
import enum TestSupport.Repository
import struct TestSupport.ReceivedRequest
import class TestSupport.TestReceiver

extension Scene {
    struct Webhook: Sendable {
        let id: String
        let secret: String
        /// As it was answered.
        let json: JSONValue

        /// Its path in the API.
        var path: String { "/company/webhooks/\(id)" }
    }

    /// The answer to an attempt to make one.
    /// - Parameter members: more of its JSON, without the braces.
    func tryWebhook(
        _ members: String = "", events: [String] = ["order-created"], url: String? = nil
    ) async throws -> Reply {
        let names = events.map { "\"\($0)\"" }.joined(separator: ",")
        let more = members.isEmpty ? "" : "," + members
        return try await ask(
            "POST", "/company/webhooks",
            #"{"name":"promise","url":"\#(url ?? receiver.url("/hook"))","events":[\#(names)]\#(more)}"#)
    }

    func makeWebhook(
        _ members: String = "", events: [String] = ["order-created"], path: String? = nil
    ) async throws -> Webhook {
        try await makeWebhook(members, events: events, url: receiver.url(path ?? "/hook"))
    }

    func makeWebhook(_ members: String = "", events: [String] = ["order-created"], url: String) async throws -> Webhook
    {
        let reply = try await tryWebhook(members, events: events, url: url)
        try #require(reply.status == 201, "\(reply.text)")
        return Webhook(
            id: try #require(reply.json?.text("id")), secret: try #require(reply.json?.text("secret")),
            json: try #require(reply.json))
    }

    func patch(_ webhook: Webhook, _ members: String) async throws {
        let reply = try await ask("PATCH", webhook.path, "{\(members)}")
        try #require(reply.status == 200, "\(reply.text)")
    }

    struct Accepted: Sendable {
        let id: String
        let deliveries: Int
    }

    /// Posts an event that is taken.
    /// - Parameter more: of its members.
    @discardableResult
    func post(_ type: String, _ data: String = #"{"id":"1"}"#, _ more: String = "") async throws -> Accepted {
        try await post(body: #"{"type":"\#(type)","data":\#(data)\#(more.isEmpty ? "" : "," + more)}"#)
    }

    @discardableResult
    func post(body: String) async throws -> Accepted {
        let reply = try await ask("POST", "/company/events", body, of: .ingester)
        try #require(reply.status == 202, "\(reply.text)")
        return Accepted(
            id: reply.json?.text("id") ?? "", deliveries: try #require(reply.json?.number("deliveries")))
    }

    /// Posts events, all or none; how many deliveries they make together.
    func post(batch: [String]) async throws -> [Accepted] {
        let reply = try await ask(
            "POST", "/company/events", "[" + batch.joined(separator: ",") + "]", of: .ingester)
        try #require(reply.status == 202, "\(reply.text)")
        return try #require(reply.json?.member("events")).elements.map {
            Accepted(id: $0.text("id") ?? "", deliveries: $0.number("deliveries") ?? 0)
        }
    }

    /// The order of the samples, whole as it is posted.
    static var sampleOrder: String {
        get throws { try String(contentsOfFile: Repository.root + "/samples/order-created.json", encoding: .utf8) }
    }
    static let sampleOrderID = "68e4fe1da9733a66efd88673"

    // MARK: Watching

    /// Waits until nothing is owed any more, and returns all requests.
    @discardableResult
    func drained() async throws -> [Request] {
        try await wait(for: "an empty queue") { try await get("/company/deliveries").data.isEmpty ? () : nil }
        return receiver.requests
    }

    /// Waits until that many invocations are listed, and returns them, the oldest first.
    @discardableResult
    func invocations(of webhook: Webhook, _ count: Int = 1) async throws -> [JSONValue] {
        let path = webhook.path + "/invocations?limit=100"
        return try await wait(for: "\(count) invocations") {
            let page = try await get(path).data
            return page.count >= count ? page.reversed() : nil
        }
    }

    /// Waits until `is` holds for what the metrics of a webhook show in all.
    @discardableResult
    func total(of webhook: Webhook, where isSo: (JSONValue) -> Bool) async throws -> JSONValue {
        try await wait(for: "metrics") {
            guard let total = try await get(webhook.path + "/metrics").json?.member("total") else { return nil }
            return isSo(total) ? total : nil
        }
    }

    /// A webhook for each type, at a path that ends with its name, and one event for each.
    /// - Returns: what came, by type.
    func deliverEach(
        of types: [String], members: String = "", data: (String) -> String
    ) async throws -> [String: [Request]] {
        for type in types { _ = try await makeWebhook(members, events: [type], path: "/hook/" + type) }
        let accepted = try await post(batch: types.map { #"{"type":"\#($0)","data":\#(data($0))}"# })
        #expect(accepted.map(\.deliveries) == types.map { _ in 1 }, "each reaches its own webhook alone")
        try await receiver.waitForRequests(types.count, within: .seconds(30))
        return Dictionary(grouping: try await drained()) { String($0.path.dropFirst("/hook/".count)) }
    }

    /// Runs the command-line tool.
    static func martlet(_ arguments: [String], input: String = "") async throws -> Program {
        try await Program.run(Repository.executables + "/martlet", arguments, input: input)
    }
}

extension [String: [Scene.Request]] {
    /// The one request of each, or what is wrong.
    func onePerKey() throws -> [String: Scene.Request] {
        try mapValues { requests in
            try #require(requests.count == 1, "\(requests.map(\.target))")
            return requests[0]
        }
    }
}
