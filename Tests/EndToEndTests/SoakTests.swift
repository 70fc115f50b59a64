import Foundation
import Testing
import struct TestSupport.Program
import enum TestSupport.Repository
import Webhooks

@testable import CommandLineTool

extension EndToEnd {
    /// `make soak` in a few seconds: everything is killed at least once, nothing accepted is lost.
    @Suite struct SoakTests {
        /// What the soak looks for is found where it is.
        @Test func anEventThatIsNowhereIsMissing() async throws {
            let stack = try EndToEnd.stack
            let caller = try await Caller.newTenant(of: stack)
            _ = try await caller.makeWebhook(to: "http://127.0.0.1:1/nobody")
            let owed = try #require(try await caller.post(order: 1).flatMap { Event.ID($0.id) })
            let url = try #require(stack.settings.values["MARTLET_DATABASE_URL"])
            let database = try await BenchDatabase.connect(url)
            let nowhere = Event.ID()
            #expect(try await database.missing(of: [owed, nowhere]) == [nowhere])
            await database.close()
        }

        @Test(.timeLimit(.minutes(5))) func nothingAcceptedIsLost() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-soak-\(UUID().uuidString)")
                .path(percentEncoded: false)
            let soak = try await Program.run(
                Repository.executables + "/martlet",
                ["soak", "--seconds", "15", "--per-second", "40", "--tenants", "6", "--directory", folder])
            #expect(soak.status == 0, "\(soak.output)")
            let rows = soak.output.split(separator: "\n").map {
                $0.split(separator: " ", omittingEmptySubsequences: true)
            }
            func value(_ name: String) -> Int? {
                rows.first { $0.first == name[...] }?.dropFirst().first.flatMap { Int($0) }
            }
            #expect(value("lost") == 0 && (value("killed") ?? 0) > 0 && (value("accepted") ?? 0) > 0, "\(soak.output)")
            #expect(!FileManager.default.fileExists(atPath: folder), "it leaves nothing behind")
        }
    }
}
