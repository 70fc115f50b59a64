import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// Deliveries that are dropped because the same was sent just before, by a worker.
@Suite struct DebouncingTests {
    private func order(_ update: Int) -> String { #"{"id":"o1","updated_at":"t\#(update)","x":{"y":\#(update)}}"# }

    private func outcomes(_ stage: Stage, _ webhook: Webhook.ID) async throws -> [Outcome] {
        try await stage.recorded(webhook).map(\.outcome)
    }

    @Test(
        "Two quick updates are one delivery where nothing that is sent differs, and two where something does",
        arguments: [(["id"], [Outcome.succeeded, .debounced]), (["id", "updated_at"], [.succeeded, .succeeded])])
    func updates(fields: [String], expected: [Outcome]) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.fields = fields }
            try await stage.withWorker {
                for update in 1...2 {
                    try await stage.accept(order(update), for: webhook)
                    try await stage.wait { try await stage.recorded(webhook).count == update }
                }
                #expect(try await outcomes(stage, webhook) == expected)
                #expect(try await stage.pending() == 0)
                #expect(receiver.requests.count == expected.count { $0 == .succeeded })
                #expect(try await stage.recorded(webhook).allSatisfy(\.isFinal))
            }
        }
    }

    @Test("While a request is under way others with the same data wait; when it fails the next one goes")
    func underWay() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { request in
                let answer: ReceiverAnswer = request.number == 0 ? .status(500) : .ok
                return answer.with { $0.delay = .milliseconds(200) }
            }
            let webhook = try await stage.webhook(receiver.url()) {
                $0.fields = ["id"]
                $0.retry = RetryPolicy(maxAttempts: 1)
            }
            for update in 1...5 { try await stage.accept(order(update), for: webhook) }
            try await stage.withWorker {
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.count == 2)
                let outcomes = try await outcomes(stage, webhook)
                #expect(outcomes.count { $0 == .debounced } == 3)
                #expect(outcomes.count { $0 == .failed } == 1 && outcomes.count { $0 == .succeeded } == 1)
            }
        }
    }

    @Test("Other resources, events without one, other webhooks and deliveries asked for by hand are sent")
    func others() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) { $0.debounceSeconds = 600 }
            let plain = try await stage.webhook(receiver.url("/plain"))
            try await stage.withWorker {
                let data = #"{"n":1}"#
                let event = try await stage.accept(data, of: "o1", for: webhook, plain)
                try await stage.wait { try await stage.pending() == 0 }
                try await stage.accept(#"{"n":1.0}"#, of: "o1", for: webhook, plain)
                try await stage.accept(data, of: "o2", for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                for _ in 0..<2 { try await stage.accept(data, of: nil, for: webhook) }
                try await stage.wait { try await stage.pending() == 0 }
                #expect(
                    try await outcomes(stage, webhook).sorted { $0.rawValue < $1.rawValue } == [
                        .succeeded, .succeeded, .succeeded, .succeeded, .debounced,
                    ])
                #expect(try await outcomes(stage, plain) == [.succeeded, .succeeded])
                try await stage.owe(event, to: webhook, trigger: .retry)
                try await stage.wait { try await outcomes(stage, webhook).count == 6 }
                #expect(try await outcomes(stage, webhook).count { $0 == .succeeded } == 5)
            }
        }
    }

    @Test("What was sent by hand was sent: the same data that happens next is dropped")
    func byHand() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.debounceSeconds = 600
                $0.data = .snapshot
            }
            try await stage.withWorker {
                let first = try await stage.accept(#"{"n":1}"#, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                try await stage.accept(#"{"n":2}"#, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                try await stage.owe(first, to: webhook, trigger: .retry)
                try await stage.wait { try await stage.pending() == 0 }
                try await stage.accept(#"{"n":1}"#, for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 4 }
                #expect(
                    try await outcomes(stage, webhook) == [.succeeded, .succeeded, .succeeded, .debounced])
            }
        }
    }

    @Test("The next worker knows what was sent before it")
    func nextWorker() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.fields = ["id"]
                $0.debounceSeconds = 3600
            }
            try await stage.withWorker {
                try await stage.accept(order(1), for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 1 }
            }
            try await stage.withWorker {
                try await stage.accept(order(2), for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 2 }
            }
            #expect(try await outcomes(stage, webhook) == [.succeeded, .debounced])
            #expect(receiver.requests.count == 1)
        }
    }
}
