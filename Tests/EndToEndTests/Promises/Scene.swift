import Foundation
import JSON
import Testing
import Webhooks
import struct TestSupport.ReceivedRequest
import struct TestSupport.ReceiverAnswer
import class TestSupport.TestReceiver

@testable import CommandLineTool

/// What the test of one promise needs: a tenant of its own, and a receiver that writes down what it gets.
final class Scene: Sendable {
    typealias Request = TestSupport.ReceivedRequest

    let stack: RunningStack
    let caller: Caller
    let receiver: TestReceiver
    /// What calls the API: everything is allowed unless another was asked for.
    let token: String?

    private init(stack: RunningStack, caller: Caller, receiver: TestReceiver, token: String?) {
        (self.stack, self.caller, self.receiver, self.token) = (stack, caller, receiver, token)
    }

    var tenant: String { caller.tenant }

    /// A new tenant; the receiver gives the first answer to the first request, the last one to all that come after.
    static func open(_ answers: ReceiverAnswer...) async throws -> Scene {
        let answers = answers.isEmpty ? [.ok] : answers
        return try await open { answers[min($0.number, answers.count - 1)] }
    }

    static func open(respond: @escaping TestReceiver.Responder) async throws -> Scene {
        let stack = try EndToEnd.stack
        let caller = try await Caller.newTenant(of: stack)
        return Scene(stack: stack, caller: caller, receiver: try TestReceiver(respond), token: caller.api.token)
    }

    /// The same tenant and receiver, and somebody else who calls.
    func asked(with token: String?) -> Scene { Scene(stack: stack, caller: caller, receiver: receiver, token: token) }

    /// A token of the stack's for this tenant.
    func token(
        permissions: [String] = AccessClaims.permissions, seconds: Int64 = 3600, secret: String? = nil
    ) async throws -> String {
        let claims = AccessClaims(
            subject: "somebody", tenants: [tenant], permissions: permissions, issuedAt: .now, seconds: seconds)
        let own = try #require(stack.settings.values["MARTLET_JWT_SECRET"])
        return try await claims.signed(with: secret ?? own)
    }

    // MARK: Asking

    struct Reply: Sendable {
        let status: Int
        let text: String
        /// Nil where it is none.
        let json: JSONValue?

        /// The paths of the members that a 422 complains about.
        var fields: [String] { json?.member("errors")?.elements.compactMap { $0.text("field") } ?? [] }
        var data: [JSONValue] { json?.member("data").map { Array($0.elements) } ?? [] }
    }

    enum Service { case api, ingester, admin }

    /// - Parameter tenant: what `X-tenant-ID` says; nil: nothing.
    func ask(
        _ method: String, _ path: String, _ body: String? = nil, contentType: String = "application/json",
        of service: Service = .api, tenant: String?
    ) async throws -> Reply {
        var client: ServiceClient
        switch service {
        case .api: client = caller.api
        case .ingester: client = caller.ingester
        case .admin: client = try await Caller.admin(of: stack)
        }
        if service != .admin { (client.token, client.tenant) = (token, tenant) }
        let answer = try await client.send(
            method, path, body: body.map { Array($0.utf8) }, contentType: contentType, timeout: .seconds(30))
        return Reply(status: answer.status, text: answer.text, json: try? JSONDocument(parsing: answer.body).root)
    }

    func ask(
        _ method: String, _ path: String, _ body: String? = nil, contentType: String = "application/json",
        of service: Service = .api
    ) async throws -> Reply {
        try await ask(method, path, body, contentType: contentType, of: service, tenant: tenant)
    }

    /// A good answer of the API.
    func get(_ path: String) async throws -> Reply {
        let reply = try await ask("GET", path)
        try #require(reply.status == 200, "GET \(path): \(reply.status) \(reply.text)")
        return reply
    }

    func patchTenant(_ settings: String) async throws {
        let reply = try await ask("PATCH", "/admin/tenants/\(tenant)", #"{"settings":{\#(settings)}}"#, of: .admin)
        try #require(reply.status == 200, "\(reply.text)")
    }

    /// Asks `find` until it finds something.
    func wait<Value>(
        for what: String, within limit: Duration = .seconds(30), _ find: () async throws -> Value?
    ) async throws -> Value {
        let deadline = ContinuousClock.now + limit
        while true {
            if let value = try await find() { return value }
            guard .now < deadline else { throw TestReceiver.Failure.missing("\(what) within \(limit)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension JSONValue {
    /// The value at a dotted path of member names and, for arrays, numbers from 0.
    func at(_ path: String) -> JSONValue? {
        var value: JSONValue? = self
        for name in path.split(separator: ".") {
            value = Int(name).flatMap { index in value?.elements.dropFirst(index).first } ?? value?.member(String(name))
        }
        return value
    }

    func text(_ path: String) -> String? { at(path)?.string }
    func number(_ path: String) -> Int? { at(path)?.integer.map(Int.init) }
    func bool(_ path: String) -> Bool? { at(path)?.bool }

    /// As it is written, without whitespace.
    var compactText: String { String(decoding: compactBytes, as: UTF8.self) }
    var names: [String] { members.map(\.name) }
}

extension Scene.Request {
    /// The body, which is JSON.
    var json: JSONValue {
        get throws { try JSONDocument(parsing: body).root }
    }

    /// The names and decoded values of the target's query, in their order.
    var query: [(name: String, value: String)] {
        (URLComponents(string: "http://host" + target)?.queryItems ?? []).map { ($0.name, $0.value ?? "") }
    }

    /// Without its query.
    var path: String { String(target.prefix { $0 != "?" }) }
}
