import Curl
import Foundation
import Synchronization
import Testing
import Webhooks

@testable import CommandLineTool

/// What the benchmark sends, and how it reads the machine.
@Suite struct BenchLoadTests {
    private func stat(_ name: String, parent: Int = 1, times: String = "10 5 200 30") -> String {
        "42 (\(name)) S \(parent) 42 42 0 -1 4194560 1 2 3 4 \(times) 20 0 1 0 12345 1000000 200 18446744073709551615"
    }

    @Test(arguments: ["postgres", "a b", "x) S 7 (y", "", "(())"])
    func aProcessMayHaveAnyName(name: String) throws {
        let times = try #require(ProcessTimes(stat: stat(name, parent: 7)))
        #expect(times.pid == 42 && times.parent == 7 && times.own == 15 && times.ended == 230)
    }

    @Test(arguments: ["", "42", "42 (x)", "42 (x) S 1 2 3", "x (y) S 1"])
    func whatIsNoProcessIsNone(stat: String) { #expect(ProcessTimes(stat: stat) == nil) }

    @Test func aTreeIsCountedWhole() throws {
        let lines = [
            "1 (init) S 0 1 1 0 -1 0 0 0 0 0 1 1 1 1 20 0", "10 (postgres) S 1 1 1 0 -1 0 0 0 0 0 2 3 4 5 20 0",
            "11 (postgres) S 10 1 1 0 -1 0 0 0 0 0 10 20 0 0 20 0", "12 (sh) S 11 1 1 0 -1 0 0 0 0 0 100 0 0 7 20 0",
            "13 (other) S 1 1 1 0 -1 0 0 0 0 0 500 0 0 0 20 0",
        ]
        let table = ProcessTable(processes: lines.compactMap(ProcessTimes.init(stat:)))
        #expect(table.ticks(of: 10) == 14 && table.ticks(ofTree: 10) == 14 + 30 + 107)
        #expect(table.ticks(of: 99) == 0)
        let now = ProcessTable.now()
        #expect(now.processes.contains { $0.pid == getpid() })
    }

    @Test func memoryIsRead() throws {
        let text = "Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t  512 kB\nVmRSS:\t   256 kB\n"
        let memory = try #require(ProcessMemory(status: text))
        #expect(memory.resident == 256 && memory.peak == 512)
        #expect(ProcessMemory(status: "Name:\tkthreadd\n") == nil)
        #expect(try #require(ProcessMemory.of(getpid())).peak > 1024)
    }

    @Test(arguments: [200, 500, 1000, 5000])
    func aPayloadHasItsSize(bytes: Int) throws {
        let payload = SamplePayload(bytes: bytes)
        let event = payload.event(resource: "0123456789")
        #expect(event.utf8.count <= max(bytes, 260) && event.utf8.count > bytes - 120)
        let json = try #require(JSONSerialization.jsonObject(with: Data(event.utf8)) as? [String: Any])
        #expect(json["type"] as? String == "order-created" && json["resourceId"] as? String == "order-0123456789")
        let data = try #require(JSONSerialization.jsonObject(with: Data(payload.data.utf8)) as? [String: Any])
        #expect(NSDictionary(dictionary: data) == json["data"] as? NSDictionary)
    }

    @Test(arguments: [1, 3])
    func aScriptPostsEvents(count: Int) {
        let payload = SamplePayload(bytes: 300)
        let script = WrkScript(events: count, of: payload, tenants: ["a", "b"], token: "t", firstNumber: 5)
        #expect(script.pieces.count == count + 1)
        let body = script.pieces.joined(separator: "0000000001")
        let events = (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [Any]
        #expect(count == 1 || events?.count == count)
        #expect(script.lua.contains(#"Content-Length: \#(body.utf8.count)\r\n"#))
        #expect(script.lua.contains(#"local tenants = {"a", "b"}"#) && script.lua.contains("number, turn, count = 5,"))
        #expect(WrkScript.quoted("a\"\\\r\nü") == #""a\"\\\r\nü""#)
    }

    @Test(arguments: [1, 2, 100])
    func aBatchIsNumbered(count: Int) throws {
        let payload = SamplePayload(bytes: 400)
        let body = Data(BatchBody(events: count, of: payload).numbered(from: 998))
        let json = try JSONSerialization.jsonObject(with: body)
        let events = (json as? [[String: Any]]) ?? [json as? [String: Any] ?? [:]]
        #expect(events.count == count && (json is [Any]) == (count > 1))
        let expected = (998..<998 + count).map { "order-" + String(("000000000" + String($0)).suffix(10)) }
        #expect(events.map { $0["resourceId"] as? String } == expected)
    }

    @Test func whatNeverChangesIsMadeOnce() {
        let script = WrkScript(path: "/hook", headers: ["A": "b"], tenants: [], pieces: ["{}"])
        #expect(
            script.lua == """
                wrk.headers["A"] = "b"
                wrk.method, wrk.path, wrk.body = "POST", "/hook", "{}"

                """)
    }

    @Test func wrksReportIsRead() throws {
        let report = """
            Running 6s test @ http://127.0.0.1:1/
              1 threads and 64 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency     4.10ms    1.20ms  40.00ms   90.00%
              Latency Distribution
                 50%  890.00us
                 75%    4.40ms
                 90%    5.00ms
                 99%    1.02s
              93000 requests in 6.00s, 12.00MB read
              Non-2xx or 3xx responses: 10
            Requests/sec:  15500.25
            """
        let outcome = try #require(Wrk.Outcome(output: report))
        #expect(outcome.requests == 93_000 && outcome.refused == 10 && outcome.accepted == 92_990)
        #expect(outcome.perSecond == 15_500.25 && outcome.p50 == 0.89 && outcome.p99 == 1020)
        #expect(Wrk.Outcome(output: "unable to connect") == nil)
    }

    @Test(
        arguments: [
            ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nWebhook-Id: evt_1\r\n\r\nabcPOST", "evt_1", 69),
            ("GET / HTTP/1.1\r\n\r\n", "", 18), ("GET / HTTP/1.1\r\nHost: x\r\n", nil, 0), ("", nil, 0),
            ("POST / HTTP/1.1\r\ncontent-length: -5\r\nnonsense\r\n\r\n", "", 49),
        ] as [(String, String?, Int)])
    func aHeadIsRead(text: String, id: String?, size: Int) {
        let head = RequestHead(Array(text.utf8))
        #expect(head?.webhookID == id && head?.size ?? 0 == size)
    }

    @Test func aReceiverKnowsWhenAnEventCame() async throws {
        let event = Event.ID()
        try await TimedReceiver.open(delay: 0.05...0.05) { receiver in
            let began = ContinuousClock.now
            for _ in 0..<2 {
                var request = OutboundRequest(
                    method: "POST", url: receiver.url, headers: [("webhook-id", "\(event)")],
                    body: Array(repeating: 7, count: 100_000), timeout: .seconds(10), connectTimeout: .seconds(5))
                request.keptBodyBytes = 0
                let outcome = await (try HTTPEngine.forCommands()).send(request)
                #expect(try outcome.result.get().status == 204)
            }
            #expect(ContinuousClock.now - began >= .milliseconds(100))
            #expect(receiver.requests == 2 && receiver.events == 1 && receiver.has(event))
            #expect(receiver.latencies().count == 1 && receiver.latencies { _ in false }.isEmpty)
        }
    }

    @Test func aPacedLoadCallsSoOften() async throws {
        let numbers = Mutex<Set<Int>>([])
        let began = ContinuousClock.now
        try await PacedLoad(perSecond: 100, seconds: 1).run { number in
            numbers.withLock { _ = $0.insert(number) }
        }
        #expect(numbers.withLock(\.self) == Set(0..<100))
        #expect(ContinuousClock.now - began >= .milliseconds(980))
    }

    @Test func aReceiverForEachWish() {
        let urls = ["fast", "failing", "slow"]
        #expect((0..<3).map { BenchPlan.Receiver.mixed.url(of: $0, among: urls) } == urls)
        #expect(BenchPlan.Receiver.slow.url(of: 5, among: urls) == "slow")
    }

    /// Only what a measurement made is ever emptied.
    @Test func aFolderOfSomebodyElseIsLeftAlone() async throws {
        let folder = try Folder()
        let file = folder.path + "/mine"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        await #expect(throws: CommandFailure.self) { _ = try await BenchFolder.take(folder.path) }
        #expect(FileManager.default.fileExists(atPath: file))
        unlink(file)

        let first = try await BenchFolder.take(folder.path)
        await #expect(throws: CommandFailure.self, "it is taken") { _ = try await BenchFolder.take(folder.path) }
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        try await first.empty()
        #expect(!FileManager.default.fileExists(atPath: file))
        try await first.remove()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
}
