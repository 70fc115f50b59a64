import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// What a statement finds when it comes back and its delivery is another flight by now.
@Suite struct FlightTests {
    @Test("A shard lost and taken again while an event is read: it is sent once, and nobody waits for it afterwards")
    func lostAndTaken() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .status(500))
            let debounced = try await stage.webhook(receiver.url("/debounced")) {
                $0.debounceSeconds = 600
                $0.retry = RetryPolicy(maxAttempts: 1)
            }
            let plain = try await stage.webhook(receiver.url("/plain")) { $0.retry = RetryPolicy(maxAttempts: 1) }
            let event = try await stage.accept(#"{"n":1}"#)
            let session = try await stage.database.connect()
            let life = try stage.life()
            try await Stage.with(life) {
                try await session.run(script: "BEGIN; LOCK TABLE events")
                for webhook in [debounced, plain] { try await stage.owe(event, to: webhook, trigger: .event) }
                try await stage.wait { await life.dispatcher.flights.count == 2 }
                try await stage.waitForLock()
                let first = await life.dispatcher.flights
                await life.dispatcher.lost([stage.shard])
                await life.dispatcher.took([stage.shard])
                try await stage.wait {
                    let second = await life.dispatcher.flights
                    return second.count == 2 && second.allSatisfy { first[$0.key] !== $0.value }
                }
                try await session.run(script: "COMMIT")
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.map(\.target).sorted() == ["/debounced", "/plain"])
                // The same data again: the first has failed, so it is sent.
                try await stage.accept(#"{"n":1}"#, for: debounced)
                try await stage.wait { try await stage.pending() == 0 }
                #expect(receiver.requests.count == 3)
                #expect(await life.dispatcher.flights.isEmpty)
            }
            await session.close()
        }
    }
}
