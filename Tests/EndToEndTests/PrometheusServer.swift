import Foundation
import Testing
import enum TestSupport.Repository

@testable import CommandLineTool

/// A real Prometheus that scrapes each second and evaluates the project's alert rules.
final class PrometheusServer: Sendable {
    private let client: ServiceClient

    private init(client: ServiceClient) { self.client = client }

    struct Rule: Decodable {
        let name: String
        let query: String
        let health: String
        let state: String
        let lastError: String?
    }

    struct Sample: Decodable { let metric: [String: String] }

    private struct Answer<Value: Decodable>: Decodable { let data: Value }
    private struct Vector: Decodable { let result: [Sample] }
    private struct Rules: Decodable {
        struct Group: Decodable { let rules: [Rule] }
        let groups: [Group]
    }

    /// Lends one to `body`.
    /// - Parameters:
    ///   - ports: of the processes that it scrapes, by their names.
    ///   - patience: what rules say of how long they wait, if they shall wait for something else.
    static func run(
        scraping ports: [String: Int], patience: String? = nil, _ body: (PrometheusServer) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "prometheus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
        var rules = try String(contentsOfFile: Repository.root + "/deploy/prometheus/alerts.yml", encoding: .utf8)
        if let patience { rules.replace(#/for: \w+/#, with: "for: \(patience)") }
        try rules.write(toFile: path("alerts.yml"), atomically: true, encoding: .utf8)
        let targets = ports.map { "{ targets: [\"127.0.0.1:\($0.value)\"], labels: { service: \($0.key) } }" }
        try """
        global: { scrape_interval: 1s, evaluation_interval: 1s }
        rule_files: ["\(path("alerts.yml"))"]
        scrape_configs: [ { job_name: martlet, static_configs: [ \(targets.joined(separator: ", ")) ] } ]
        """.write(toFile: path("prometheus.yml"), atomically: true, encoding: .utf8)
        let port = try StackPorts.free()
        let pid = try Spawn.detached(
            [
                "/usr/bin/prometheus", "--config.file=\(path("prometheus.yml"))",
                "--web.listen-address=127.0.0.1:\(port)", "--storage.tsdb.path=\(path("data"))",
            ], environment: Repository.environment, log: path("log"))
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        let server = PrometheusServer(
            client: ServiceClient(url: "http://127.0.0.1:\(port)", engine: try .forCommands()))
        let isReady = try await Deadline.wait(for: .seconds(60)) {
            (try? await server.client.send("GET", "/-/ready"))?.status == 200
        }
        try #require(isReady, "\((try? String(contentsOfFile: path("log"), encoding: .utf8)) ?? "")")
        try await body(server)
    }

    /// What an expression gives now.
    func query(_ expression: String) async throws -> [Sample] {
        let encoded = expression.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try await client.send("GET", "/api/v1/query?query=\(encoded)")
        try #require(answer.status == 200, "\(expression): \(answer.text)")
        return try answer.decoded(as: Answer<Vector>.self).data.result
    }

    /// Waits until an expression gives something.
    func comesToAnswer(_ expression: String, count: Int? = nil) async throws -> Bool {
        try await Deadline.wait(for: .seconds(60)) {
            let found = try await query(expression).count
            return count.map { $0 == found } ?? (found > 0)
        }
    }

    /// The alert rules with what became of them.
    func rules() async throws -> [Rule] {
        try await client.send("GET", "/api/v1/rules").decoded(as: Answer<Rules>.self).data.groups.flatMap(\.rules)
    }
}
