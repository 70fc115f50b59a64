import Foundation
import ServiceLifecycle
import Testing
import Webhooks

@testable import CommandLineTool

@Suite struct ReceiverTests {
    /// Runs a receiver on a port of its own.
    private func with(
        _ receiver: Receiver, _ body: (ServiceClient) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ports, found) = AsyncStream.makeStream(of: Int.self)
            group.addTask { try await receiver.server(host: "127.0.0.1", port: 0) { found.yield($0) }.run() }
            defer { group.cancelAll() }
            let port = try #require(await ports.first { _ in true })
            try await body(ServiceClient(url: "http://127.0.0.1:\(port)", engine: try .forCommands()))
        }
    }

    @Test func everyRequestIsAnsweredAndRecorded() async throws {
        let folder = try Folder()
        let path = folder.path + "/record"
        let receiver = Receiver(
            misbehaviour: Misbehaviour(statuses: [500, 204]), secrets: [try SigningSecret(parsing: "secret")],
            record: try RequestRecord(path: path))
        try await with(receiver) { client async throws in
            let body = Array(#"{"name":"Bård","price":10.1125}"#.utf8)
            #expect(try await client.send("POST", "/any/path?a=%20b", body: body).status == 500)
            #expect(try await client.send("DELETE", "/").status == 204)
        }
        let record = ReceivedRequest.all(inRecord: path)
        #expect(record.map(\.method) == ["POST", "DELETE"])
        #expect(record[0].path == "/any/path?a=%20b" && record[0].body == #"{"name":"Bård","price":10.1125}"#)
        #expect(record[0].headers["content-type"] == "application/json" && record[0].status == 500)
        #expect(record[0].signature == "no webhook-id header")
        #expect(Instant(rfc3339: record[0].receivedAt) != nil)
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 2)
    }

    @Test func aLineThatIsBeingWrittenIsLeftOut() throws {
        let folder = try Folder()
        let path = folder.path + "/record"
        let request = ReceivedRequest(
            receivedAt: "now", method: "POST", path: "/", headers: [:], body: "a\nb", status: 200)
        let line = try request.line()
        try (line + [UInt8(ascii: "\n")] + line.dropLast(5)).write(to: URL(filePath: path))
        #expect(ReceivedRequest.all(inRecord: path).map(\.body) == ["a\nb"])
        #expect(ReceivedRequest.all(inRecord: folder.path + "/none").isEmpty)
    }
}
