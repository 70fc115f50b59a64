import Foundation

/// All processes of one directory.
struct Stack {
    let directory: StackDirectory

    static let receiver = "receiver"

    /// The names of all processes that were ever started here, in the order in which they are started.
    var names: [String] {
        let workers = ((try? FileManager.default.contentsOfDirectory(atPath: directory.run)) ?? [])
            .filter { $0.hasPrefix("delivery-") && $0.hasSuffix(".pid") }.map { String($0.dropLast(4)) }.sorted()
        return StackService.allCases.map(\.rawValue) + workers + [Self.receiver]
    }

    func process(_ name: String) -> StackProcess {
        let executable = Self.service(named: name)?.executableName ?? "martlet"
        return StackProcess(pidFile: directory.pidFile(of: name), executableName: executable)
    }

    /// Of the processes of `service` that run.
    func pids(of service: StackService) -> [pid_t] {
        names.filter { Self.service(named: $0) == service }.compactMap { process($0).pid }
    }

    /// `delivery-2` → `delivery`; nil for what is no service.
    static func service(named name: String) -> StackService? {
        StackService(rawValue: String(name.prefix { $0 != "-" }))
    }

    /// Ends everything; first what takes in, then what sends, and the database last.
    func stop() async throws -> [String] {
        var stopped: [String] = []
        for name in ["ingester", "api"] + names.filter({ $0 != "ingester" && $0 != "api" }) {
            let process = process(name)
            guard process.pid != nil else {
                process.forget()
                continue
            }
            try await process.stop(patience: .seconds(75))
            stopped.append(name)
        }
        if FileManager.default.fileExists(atPath: directory.postgres) {
            let postgres = try await PrivatePostgres(directory: directory)
            if postgres.process.pid != nil {
                try await postgres.stop()
                stopped.append("postgres")
            }
            unlink(directory.pidFile(of: "postgres"))
        }
        return stopped
    }
}
