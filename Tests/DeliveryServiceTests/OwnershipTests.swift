import Postgres
import Store
import Testing
import TestSupport
import Webhooks

@testable import DeliveryService

/// Workers that come, go and die.
@Suite struct OwnershipTests {
    private func owners(_ stage: Stage) async throws -> [Worker.ID?: Int] {
        Dictionary(grouping: try await stage.pool.execute(FindLeases()), by: \.owner).mapValues(\.count)
    }

    @Test func aRestartedWorkerTakesOverAtOnce() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.wait { try await owners(stage)[nil] == nil }
            }
            try await stage.accept(10, for: webhook)
            // The same name: it does not wait for the beat to stand still, which would take an hour here.
            try await stage.withWorker(patience: .seconds(3600)) {
                _ = try await receiver.waitForRequests(10, within: .seconds(60))
            }
        }
    }

    @Test func twoWorkersShareAndTheDeadOnesShardsAreTakenOver() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker(name: "one") {
                try await stage.withWorker(name: "two") {
                    try await stage.wait(.seconds(60)) {
                        try await owners(stage).values.sorted() == [32, 32]
                    }
                }
                try await stage.accept(50, for: webhook)
                try await stage.wait(.seconds(20)) { try await owners(stage).values.sorted() == [64] }
                _ = try await receiver.waitForRequests(50)
            }
        }
    }

    @Test func aWorkerThatWasFencedSettlesNothing() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.wait { try await owners(stage)[nil] == nil }
                let thief = Worker.ID()
                _ = try await stage.pool.execute(JoinWorkers(id: thief, name: "thief"))
                let worker = try #require(try await owners(stage).keys.first ?? nil)
                _ = try await stage.pool.execute(TakeShards(for: thief, from: [worker], atMost: 64))
                try await stage.accept(5, for: webhook)
                try await stage.wait { try await owners(stage)[thief] == 64 }
                try await stage.wait(.seconds(5)) {
                    try await stage.pool.execute(FindPeers()).contains { $0.id == worker && $0.beat > 3 }
                }
                #expect(try await stage.pending() == 5)
                #expect(try await stage.recorded(webhook).isEmpty)
            }
        }
    }

    @Test func whatWasCountedIsInTheTableAfterATakeOver() async throws {
        try await Stage.run { stage in
            let receiver = try TestReceiver(answers: .ok)
            let webhook = try await stage.webhook(receiver.url())
            try await stage.withWorker {
                try await stage.accept(20, for: webhook)
                try await stage.wait { try await stage.recorded(webhook).count == 20 }
            }
            try await stage.withWorker {
                try await stage.wait {
                    let sums = try await stage.pool.execute(SumDeliveryStats(since: .distantPast))
                    return sums.first?.succeeded == 20
                }
            }
        }
    }
}
