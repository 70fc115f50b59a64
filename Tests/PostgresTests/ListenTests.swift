import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(1))) struct ListenTests {
    @Test func notificationsComeToAnIdleAndToABusySession() async throws {
        let listener = try await Database.connect()
        let sender = try await Database.connect()
        var notifications = try await listener.listen(to: "idle \"and\" busy").makeAsyncIterator()
        try await sender.notify("idle \"and\" busy", payload: "first")
        let first = try #require(try await notifications.next())
        #expect(
            first == PostgresNotification(channel: "idle \"and\" busy", payload: "first", processID: sender.processID))
        async let sleeping = listener.execute(Sleep(seconds: 0.05))
        try await sender.notify("idle \"and\" busy")
        try await sender.notify("somewhere else")
        try await sender.notify("idle \"and\" busy", payload: "third")
        #expect(try await notifications.next()?.payload == "")
        #expect(try await notifications.next()?.payload == "third")
        #expect(try await sleeping == ["done"])
        await listener.close()
        await sender.close()
    }

    @Test func theSequenceThrowsWhenItsSessionDies() async throws {
        let listener = try await Database.connect(application: "listener")
        let sender = try await Database.connect()
        var notifications = try await listener.listen(to: "end").makeAsyncIterator()
        #expect(try await sender.execute(Terminate(application: "listener")) == [1])
        do {
            _ = try await notifications.next()
            Issue.record("it did not throw")
        } catch { #expect(error.isUncertain, "\(error)") }
        await sender.close()
    }

    @Test func whoeverStopsReadingStopsListening() async throws {
        let listener = try await Database.connect()
        let reader = Task { [notifications = try await listener.listen(to: "stop")] in
            for try await _ in notifications {}
        }
        #expect(await listener.listeners.count == 1)
        reader.cancel()
        try await reader.value
        try await Database.eventually { await listener.listeners.isEmpty }
        #expect(try await listener.execute(ListeningChannels()).isEmpty)
        await listener.close()
    }

    private struct ListeningChannels: Statement {
        static let sql = "SELECT pg_listening_channels()"
        static func decode(_ row: borrowing RowReader) throws(PostgresError) -> String { try row.column(0) }
    }

    @Test func aPoolListensOnASessionOfItsOwn() async throws {
        try await Database.withPool { configuration in
            configuration.maximumSessions = 2
        } _: { pool in
            do {
                var notifications = try await pool.listen(to: "pool").makeAsyncIterator()
                for number in 0..<20 { try await pool.notify("pool", payload: "\(number)") }
                for number in 0..<20 { #expect(try await notifications.next()?.payload == "\(number)") }
            }
            // Both sessions can be leased again once the sequence is gone.
            try await pool.withConnection { _ in
                try await pool.withConnection { _ in }
            }
        }
    }

    @Test("A channel's name has limits", arguments: ["", "a\0b", String(repeating: "x", count: 64)])
    func channelNames(name: String) async throws {
        let connection = try await Database.connect()
        let error = try await Database.failure { _ = try await connection.listen(to: name) }
        guard case .encoding = error else { Issue.record("\(error)"); return }
        await connection.close()
    }
}
