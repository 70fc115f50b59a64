import ArgumentParser
import Foundation
import Webhooks

/// What is measured: a stack, and an nginx that takes what it sends.
struct BenchStack {
    let directory: StackDirectory
    let urls: StackURLs
    let secrets: StackSecrets
    let nginx: Nginx

    static func start(in path: String) async throws -> BenchStack {
        let directory = try StackDirectory(path)
        let ports = ["api", "ingester", "delivery", "metrics", "receiver"].flatMap { ["--\($0)-port", "0"] }
        let options = try UpOptions.parse(["--directory", path, "--no-demo"] + ports)
        do {
            var start = try StackStart(directory: directory, options: options)
            let urls = try await start.all()
            let nginx = try await Nginx.start(in: directory)
            return BenchStack(directory: directory, urls: urls, secrets: start.secrets, nginx: nginx)
        } catch {
            _ = try? await Stack(directory: directory).stop()
            throw error
        }
    }

    func end() async throws {
        try await nginx.stop()
        _ = try await Stack(directory: directory).stop()
        try FileManager.default.removeItem(atPath: directory.path)
    }

    /// A new tenant, and clients with a token for all that it may do.
    func tenant(_ identifier: String) async throws -> (api: ServiceClient, ingester: ServiceClient) {
        let claims = AccessClaims(
            subject: "martlet-bench", tenants: [identifier], permissions: AccessClaims.permissions, issuedAt: .now,
            seconds: 6 * 3600)
        let token = try await claims.signed(with: secrets.tokenSecret)
        let engine = nginx.engine
        let api = ServiceClient(url: urls.api, token: token, tenant: identifier, engine: engine)
        let body = Array(#"{"identifier":"\#(identifier)","name":"Bench"}"#.utf8)
        _ = try await api.require([201], "POST", "/admin/tenants", body: body)
        return (api, ServiceClient(url: urls.ingester, token: token, tenant: identifier, engine: engine))
    }

    /// The most that each service ever had in memory, in MiB.
    func peakMemory() -> [(name: String, mebibytes: Int)] {
        let stack = Stack(directory: directory)
        return StackService.allCases.compactMap { service in
            guard let pid = stack.process(service.rawValue).pid,
                let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
                let kibibytes = Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "")
            else { return nil }
            return (service.rawValue, kibibytes / 1024)
        }
    }
}
