import ArgumentParser
import Foundation

/// `martlet bench`: measures a stack of its own on this machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure ingest, delivery and latency on this machine.",
        discussion: """
            Starts a stack of its own, durable as in production, with nginx as receiver and wrk as load; everything \
            shares this machine. Ends and removes it afterwards.
            """)

    @Flag(help: "About a minute; the only measure for now.")
    var smoke = false

    @Option(help: "Where the stack is made; must not exist.")
    var directory: String = ".local/bench"

    @Option(help: "Seconds of each load.")
    var seconds: Int = 10

    @Option(help: "Deliveries to send.")
    var deliveries: Int = 60_000

    func validate() throws {
        guard smoke else { throw ValidationError("say --smoke") }
        guard (1...600).contains(seconds) else { throw ValidationError("--seconds is 1 to 600") }
        guard (1_000...10_000_000).contains(deliveries) else { throw ValidationError("--deliveries is 1000 or more") }
    }

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: directory) else {
            throw CommandFailure(
                "\(directory) exists: another bench runs, or one was killed (martlet down --directory)")
        }
        let bench = try await BenchStack.start(in: directory)
        let result: Result<BenchReport, any Error>
        do { result = .success(try await measure(bench)) } catch { result = .failure(error) }
        try await bench.end()
        Terminal.line("\n" + (try result.get().text))
    }

    private func measure(_ bench: BenchStack) async throws -> BenchReport {
        var report = BenchReport()
        Terminal.line("raw floor: wrk to nginx …")
        report.floor = try await Wrk.post(
            Self.body, to: bench.nginx.url, headers: [:], seconds: min(seconds, 5)
        ).perSecond
        Terminal.line("ingest …")
        report.ingest = try await IngestMeasure(bench: bench).run(body: Self.body, seconds: seconds)
        Terminal.line("delivery of \(deliveries) …")
        report.delivery = try await DeliveryMeasure(bench: bench).run(deliveries: deliveries)
        Terminal.line("latency at \(LatencyMeasure.perSecond) events a second …")
        report.latency = try await LatencyMeasure(bench: bench).run(seconds: seconds)
        report.memory = bench.peakMemory()
        return report
    }

    /// An event of about 1 kB.
    static let body: String = {
        let item = #"{"name":"In Utero","sku":"4958411","quantity":1,"price":{"currency":"EUR","gross":35,"net":28}}"#
        let cart = Array(repeating: item, count: 9).joined(separator: ",")
        return #"{"type":"order-created","data":{"customer":"Bård","total":10.1125,"cart":[\#(cart)]}}"#
    }()
}
