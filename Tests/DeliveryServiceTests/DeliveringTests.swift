import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// A worker against a real database and a real receiver.
@Suite struct DeliveringTests {
    @Test func anEventArrivesSignedAndIsRecorded() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url("/wh"))
            try await stage.withWorker {
                let events = try await stage.accept(1, for: webhook)
                let request = try await receiver.waitForRequests(1)[0]
                #expect(request.method == "POST")
                #expect(request.target == "/wh")
                #expect(request.header("webhook-id") == events[0].description)
                #expect(request.header("webhook-signature")?.hasPrefix("v1,") == true)
                #expect(request.header("x-martlet-attempt") == "1")
                #expect(request.bodyText.contains(#""data":{"n":0}"#))
                try await stage.wait { try await stage.pending() == 0 }
                let recorded = try await stage.recorded(webhook)
                #expect(
                    recorded == [.init(attempt: 1, outcome: .succeeded, errorClass: nil, isFinal: true, status: 200)])
            }
        }
    }

    @Test func whatLiesInTheTableAtTheStartIsSent() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            let events = try await stage.accept(700, for: webhook)
            try await stage.withWorker {
                let requests = try await receiver.waitForRequests(700)
                #expect(Set(requests.compactMap { $0.header("webhook-id") }) == Set(events.map(\.description)))
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.count == 700)
            }
        }
    }

    @Test func failuresAreRetriedWithTheSameIdUntilOneSucceeds() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500), .status(503), .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                let requests = try await receiver.waitForRequests(3)
                #expect(Set(requests.map { $0.header("webhook-id") }).count == 1)
                #expect(requests.map { $0.header("x-martlet-attempt") } == ["1", "2", "3"])
                #expect(Set(requests.map { $0.header("x-martlet-triggered-at") }).count == 1)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(
                    try await stage.recorded(webhook) == [
                        .init(attempt: 1, outcome: .failed, errorClass: .http5xx, isFinal: false, status: 500),
                        .init(attempt: 2, outcome: .failed, errorClass: .http5xx, isFinal: false, status: 503),
                        .init(attempt: 3, outcome: .succeeded, errorClass: nil, isFinal: true, status: 200),
                    ])
            }
        }
    }

    @Test func noAttemptLeftIsFinal() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            receiver.refuse()
            let webhook = try await stage.webhook(receiver.url()) {
                $0.retry = RetryPolicy(maxAttempts: 2, schedule: [1])
            }
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(
                    try await stage.recorded(webhook) == [
                        .init(
                            attempt: 1, outcome: .failed, errorClass: .connectionRefused, isFinal: false, status: nil),
                        .init(attempt: 2, outcome: .failed, errorClass: .connectionRefused, isFinal: true, status: nil),
                    ])
            }
        }
    }

    @Test(
        "However a receiver misbehaves, the invocation says so",
        arguments: [
            (ReceiverAnswer.hang, ErrorClass.timeout), (.drip(bytes: 5000, bytesPerSecond: 10), .timeout),
            (.drip(bytes: 1, bytesPerSecond: 1), .timeout),
            (.closeBeforeHead, .connectionReset), (.reset, .connectionReset),
            (.huge(bytes: 1 << 30), .tooLarge), (.status(404), .http4xx), (.status(301), .http3xx),
            (.status(401), .http401or403), (.status(429), .http429),
        ])
    func misbehaviour(answer: ReceiverAnswer, expected: ErrorClass) async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: answer)
            let webhook = try await stage.webhook(receiver.url()) {
                $0.retry = RetryPolicy(maxAttempts: 1)
                $0.timeoutMs = 500
            }
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                let recorded = try await stage.recorded(webhook)
                #expect(recorded.map(\.errorClass) == [expected])
                #expect(recorded.map(\.isFinal) == [true])
            }
        }
    }

    @Test func bytesThatAreNoTextAreRecordedAsTheyCame() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver { _ in
                .garbage(Array("HTTP/1.1 200 OK\r\nx-odd: \u{1}\r\ncontent-length: 3\r\n\r\n".utf8) + [0, 0xFF, 0x80])
            }
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(1, for: webhook)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(try await stage.recorded(webhook).map(\.outcome) == [.succeeded])
            }
        }
    }

    @Test func anEventThatCannotBeReadHoldsUpNobody() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            let events = try await stage.accept(3, for: webhook)
            try await stage.database.run(
                "UPDATE events SET data = '\\xff' WHERE id = (SELECT min(id::text)::uuid FROM events)")
            try await stage.withWorker {
                try await stage.wait { try await stage.pending() == 0 }
                #expect(Set(receiver.requests.compactMap { $0.header("webhook-id") }).count == 2)
                #expect(!receiver.requests.contains { $0.header("webhook-id") == events[0].description })
                #expect(try await stage.recorded(webhook).count { $0.outcome == .failed && $0.isFinal } == 1)
            }
        }
    }
}
