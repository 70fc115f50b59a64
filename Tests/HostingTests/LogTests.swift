import Foundation
import Logging
import Synchronization
import Testing

@testable import Hosting

@Suite struct LogTests {
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var sink: @Sendable ([UInt8]) -> Void {
            { line in self.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
        }
        var text: [String] { all.withLock { $0 } }
    }

    private func logger(_ format: LogFormat, _ lines: Lines) -> Logger {
        let output = LogOutput(service: "api", format: format, level: .debug, sink: lines.sink)
        return Logger(label: "test") { _ in output }
    }

    @Test func aJSONLineHasStableKeys() throws {
        let lines = Lines()
        var logger = logger(.json, lines)
        logger[metadataKey: "hb.request.id"] = "abc"
        logger.notice(
            "Webhook \"disabled\"\n",
            metadata: [
                "webhook.id": "wbh_1", "attempt": .stringConvertible(3), "on": .stringConvertible(true), "time": "mine",
                "list": ["a", "b"], "map": ["z": "1", "y": "2"],
            ])
        logger.trace("Below the level")
        let line = try #require(lines.text.first)
        #expect(lines.text.count == 1 && line.hasSuffix("\n") && line.dropLast().contains("\n") == false)
        #expect(line.wholeMatch(of: /\{"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"notice",.*\n/) != nil)
        #expect(
            line.contains(
                #""message":"Webhook \"disabled\"\n","service":"api","requestId":"abc","attempt":3,"list":["a","b"],"#
                    + #""map":{"y":"2","z":"1"},"on":true,"metadata.time":"mine","webhook.id":"wbh_1"}"#))
        _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }

    @Test func numbersStayNumbers() {
        let lines = Lines()
        logger(.json, lines).info(
            "Answered", metadata: ["http.duration_ms": .stringConvertible(1.5), "http.status": .stringConvertible(202)])
        #expect(
            lines.text.first?.hasSuffix(#""service":"api","http.duration_ms":1.5,"http.status":202}"# + "\n") == true)
    }

    /// Whatever logger a module far below writes to, and in whatever child of the request's task.
    @Test func linesOfARequestHaveItsIDAndWhatWasLearned() async throws {
        let lines = Lines()
        let logger = logger(.json, lines)
        await RequestNotes.$current.withValue(RequestNotes(requestID: "abc")) {
            logger.info("First")
            RequestNotes.current?.add("tenant.id", "acme")
            await withDiscardingTaskGroup { group in group.addTask { logger.info("Second", metadata: ["a": "b"]) } }
        }
        logger.info("Third")
        #expect(
            lines.text.map { String($0.split(separator: #","level":"info",""#, maxSplits: 1)[1]) } == [
                #"message":"First","service":"api","requestId":"abc"}"# + "\n",
                #"message":"Second","service":"api","requestId":"abc","a":"b","tenant.id":"acme"}"# + "\n",
                #"message":"Third","service":"api"}"# + "\n",
            ])
    }

    @Test func aTextLineIsOneLine() throws {
        let lines = Lines()
        logger(.text, lines).warning("Odd\npath", metadata: ["http.path": "/a\u{1b}[2J\r\nfaked line"])
        let line = try #require(lines.text.first)
        #expect(line.hasSuffix("warning  api Odd path http.path=/a [2J  faked line\n"))
    }

    @Test(
        "Times are RFC 3339 in UTC",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"), (1_759_837_725, 7, "2025-10-07T11:48:45.007Z"),
            (951_868_799, 999, "2000-02-29T23:59:59.999Z"),
        ])
    func times(seconds: Int, milliseconds: Int, expected: String) {
        let line = LogLine(
            seconds: seconds, milliseconds: milliseconds, level: .info, message: "", service: "", metadata: [:])
        #expect(line.time == expected)
    }
}
