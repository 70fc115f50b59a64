import Foundation
import ServiceLifecycle
import Synchronization
import Webhooks

/// Events that are taken a second, one a request; nobody has subscribed to them.
struct IngestMeasure {
    let bench: BenchStack

    func run(body: String, seconds: Int) async throws -> Wrk.Outcome {
        let client = try await bench.tenant("ingest").ingester
        let headers = [
            "authorization": "Bearer " + (client.token ?? ""), "x-tenant-id": client.tenant ?? "",
            "content-type": "application/json",
        ]
        return try await Wrk.post(body, to: client.url + "/company/events", headers: headers, seconds: seconds)
    }
}

/// Deliveries that are sent a second out of a backlog, over many webhooks of many tenants.
struct DeliveryMeasure {
    let bench: BenchStack
    private static let tenants = 20

    func run(deliveries: Int) async throws -> Double {
        let batch = "[" + Array(repeating: BenchCommand.body, count: 500).joined(separator: ",") + "]"
        let batches = max(1, deliveries / Self.tenants / 500)
        var switches: [(api: ServiceClient, path: String)] = []
        struct Made: Decodable { let id: String }
        for number in 0..<Self.tenants {
            let (api, ingester) = try await bench.tenant("delivery-\(number)")
            let webhook =
                #"{"name":"bench","url":"\#(bench.nginx.url)","events":["*"],"maxConcurrency":64,"isEnabled":false}"#
            let made: Made = try await api.require([201], "POST", "/company/webhooks", body: Array(webhook.utf8))
                .decoded()
            switches.append((api, "/company/webhooks/\(made.id)"))
            for _ in 0..<batches {
                _ = try await ingester.require([202], "POST", "/company/events", body: Array(batch.utf8))
            }
        }
        let before = try await bench.nginx.count()
        let began = ContinuousClock.now
        for (api, path) in switches {
            _ = try await api.require([200], "PATCH", path, body: Array(#"{"isEnabled":true}"#.utf8))
        }
        let owed = Self.tenants * batches * 500
        var asked = 0
        let isDone = try await Deadline.wait(for: .seconds(300)) {
            asked += 1
            return try await bench.nginx.count() - before - asked >= owed
        }
        guard isDone else { throw CommandFailure("\(owed) deliveries did not arrive within 5 minutes") }
        return Double(owed) / ((ContinuousClock.now - began) / .seconds(1))
    }
}

/// From the moment an event was accepted to the moment its receiver has it.
struct LatencyMeasure {
    static let perSecond = 200
    let bench: BenchStack

    /// In milliseconds, ascending.
    func run(seconds: Int) async throws -> [Double] {
        let latencies = Mutex<[Double]>([])
        let receiver = Receiver(show: { request in
            guard let id = request.headers["webhook-id"].flatMap(Event.ID.init) else { return }
            let accepted = Instant(milliseconds: id.ulid.milliseconds)
            latencies.withLock { $0.append((Instant.now - accepted) / .milliseconds(1)) }
        })
        let port = try StackPorts.free()
        let count = seconds * Self.perSecond
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await receiver.server(host: "127.0.0.1", port: port) { _ in }.run() }
            defer { group.cancelAll() }
            let (api, ingester) = try await bench.tenant("latency")
            let webhook = #"{"name":"bench","url":"http://127.0.0.1:\#(port)/","events":["*"],"maxConcurrency":64}"#
            _ = try await api.require([201], "POST", "/company/webhooks", body: Array(webhook.utf8))
            let body = Array(BenchCommand.body.utf8)
            let began = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { posts in
                for number in 0..<count {
                    try await ContinuousClock().sleep(until: began + .seconds(1) * number / Self.perSecond)
                    posts.addTask { _ = try await ingester.require([202], "POST", "/company/events", body: body) }
                    if number >= 64 { try await posts.next() }
                }
                try await posts.waitForAll()
            }
            let isDone = try await Deadline.wait(for: .seconds(30)) { latencies.withLock { $0.count >= count } }
            guard isDone else { throw CommandFailure("not all of \(count) events arrived within 30 s") }
            return latencies.withLock { $0.sorted() }
        }
    }
}
