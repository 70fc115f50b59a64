import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// Whose data a request has.
@Suite struct LatestDataTests {
    private static let longText = (0..<60).map { "line \($0)" }.joined(separator: ", ")
    private static let first = #"{"id":"o1","version":1,"text":"\#(longText)"}"#
    private static let second = #"{"id":"o1","version":2,"text":"\#(longText)!"}"#

    /// Takes nothing but the second version, as a receiver that was down until then.
    private func receiver(until text: String) throws -> TestReceiver {
        try TestReceiver { $0.bodyText.contains(text) ? .ok : .status(500) }
    }

    private func history(_ stage: Stage, _ webhook: Webhook.ID) async throws -> [Invocation] {
        try await stage.pool.execute(
            ListInvocations(
                InvocationSelection(shard: stage.shard, tenant: stage.tenant, webhook: webhook, limit: 30)))
    }

    @Test("A retry has the data of an update accepted meanwhile, under the same id; history shows what was sent")
    func retried() async throws {
        try await Stage.run { stage in
            let receiver = try receiver(until: #""version":2"#)
            let webhook = try await stage.webhook(receiver.url()) { $0.retry = RetryPolicy(schedule: [1]) }
            try await stage.withWorker {
                let event = try await stage.accept(
                    Self.first, related: #"{"customer":"old"}"#, for: webhook)
                try await stage.wait { try await !stage.recorded(webhook).isEmpty }
                try await stage.accept(Self.second, type: "order-updated", related: #"{"customer":"new"}"#)
                try await stage.wait { try await stage.pending() == 0 }
                let requests = receiver.requests
                #expect(Set(requests.map { $0.header("webhook-id") }) == [event.description])
                #expect(requests.first?.bodyText.contains(#""version":1"#) == true)
                let last = try #require(requests.last).bodyText
                #expect(last.contains(#""data":\#(Self.second),"related":{"customer":"new"}"#))
                #expect(last.contains(#""type":"order-created""#))
                try await stage.wait { try await history(stage, webhook).count == requests.count }
                let shown = try await history(stage, webhook).reversed().map {
                    String(decoding: $0.request?.payload ?? [], as: UTF8.self)
                }
                #expect(shown == requests.map(\.bodyText))
            }
        }
    }

    @Test("A snapshot is the event's own data, whatever came since")
    func snapshot() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.data = .snapshot }
            let latest = try await stage.webhook(receiver.url("/latest"))
            try await stage.accept(Self.first, for: webhook, latest)
            try await stage.accept(Self.second, type: "order-updated")
            try await stage.withWorker {
                let requests = try await receiver.waitForRequests(2)
                let own = try #require(requests.first { $0.target == "/" })
                #expect(own.bodyText.contains(Self.first))
                #expect(requests.first { $0.target == "/latest" }?.bodyText.contains(Self.second) == true)
            }
        }
    }

    @Test("Parts of a resource are sent as they are and never taken for it; a deleted one keeps its last data")
    func parts() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            let created = try await stage.accept(Self.first, for: webhook)
            let deleted = try await stage.accept(#"{"id":"o1","version":3}"#, type: "order-deleted", for: webhook)
            let part = try await stage.accept(#"{"stage":"x"}"#, isPartial: true, for: webhook)
            let other = try await stage.accept(#"{"id":"o2"}"#, of: "o2", for: webhook)
            let none = try await stage.accept(#"{"n":1}"#, of: nil, for: webhook)
            try await stage.withWorker {
                let requests = try await receiver.waitForRequests(5)
                func data(_ event: Event.ID) -> String? {
                    requests.first { $0.header("webhook-id") == event.description }?.bodyText
                }
                #expect(data(created)?.contains(#""data":{"id":"o1","version":3}"#) == true)
                #expect(data(deleted)?.contains(#""data":{"id":"o1","version":3}"#) == true)
                #expect(data(part)?.contains(#""data":{"stage":"x"}"#) == true)
                #expect(data(other)?.contains(#""data":{"id":"o2"}"#) == true)
                #expect(data(none)?.contains(#""data":{"n":1}"#) == true)
            }
        }
    }
}
