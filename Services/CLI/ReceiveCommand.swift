import ArgumentParser
import Hummingbird
import Webhooks

/// `martlet receive`: an endpoint that prints, verifies and can misbehave.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive", abstract: "Receive webhooks: print and verify them, and answer as told.")

    @Option(help: "Address to listen on.")
    var host: String = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes any that is free.")
    var port: Int = 9000

    @Option(help: "Secret to verify with, of any dialect; repeat it for several; else MARTLET_WEBHOOK_SECRET.")
    var secret: [String] = []

    @Option(help: "The webhook's URL, which dialect crystallize signs; else what the request says, over http.")
    var url: String?

    @Option(help: "Status to answer.")
    var status: Int = 200

    @Option(help: "Statuses by request of one message, e.g. 500,500,200; the last one repeats.")
    var sequence: String?

    @Option(help: "Seconds to wait before the answer.")
    var delay: Double = 0

    @Option(help: "File to append each request to, as a line of JSON.")
    var record: String?

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
        guard (0...86400).contains(delay) else { throw ValidationError("--delay is 0 to 86400 seconds") }
        guard try statuses().allSatisfy({ (200...599).contains($0) }) else {
            throw ValidationError("a status is 200 to 599")
        }
    }

    private func statuses() throws -> [Int] {
        guard let sequence else { return [status] }
        return try sequence.split(separator: ",").map {
            guard let status = Int($0) else { throw ValidationError("--sequence takes statuses such as 500,500,200") }
            return status
        }
    }

    func run() async throws {
        let given = secret.isEmpty ? Surroundings()["MARTLET_WEBHOOK_SECRET"].map { [$0] } ?? [] : secret
        let receiver = Receiver(
            misbehaviour: Misbehaviour(statuses: try statuses(), delay: .seconds(delay)),
            secrets: try given.map(SigningSecret.init(parsing:)), url: url,
            record: try record.map(RequestRecord.init(path:)), show: { Terminal.line($0.summary()) })
        try await receiver.server(host: host, port: port) { port in
            Terminal.note("receiving at http://\(host):\(port)/")
        }.runService()
    }
}
