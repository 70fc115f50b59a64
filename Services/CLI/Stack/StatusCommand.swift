import ArgumentParser
import Foundation

/// `martlet status`: what runs, where, and whether it is ready. Exit code 1 unless everything is.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what runs, where, and whether it is ready.")

    @OptionGroup var options: DirectoryOption

    func run() async throws {
        let directory = try StackDirectory(options.directory)
        let stack = Stack(directory: directory)
        let ports = StackPorts(in: directory)
        var isComplete = true
        func show(_ name: String, _ pid: pid_t?, _ state: String, _ place: String) {
            let columns = [(name, 12), (pid.map { String($0) } ?? "–", 9), (state, 12), (place, 0)]
            Terminal.line(
                columns.map { $1 == 0 ? $0 : $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined())
        }
        if FileManager.default.fileExists(atPath: directory.postgres) {
            let pid = try await PrivatePostgres(directory: directory).process.pid
            show("postgres", pid, pid == nil ? "down" : "running", "127.0.0.1:\(ports["postgres"] ?? 0)")
            isComplete = pid != nil
        }
        for name in stack.names {
            let pid = stack.process(name).pid
            let url = "http://127.0.0.1:\(ports[name] ?? 0)"
            var state = "down"
            if pid != nil {
                let isService = name != Stack.receiver
                let isReady = isService ? await ServiceClient(url: url, engine: try .forCommands()).isReady() : true
                state = !isService ? "running" : isReady ? "ready" : "not ready"
            }
            show(name, pid, state, ports[name] == nil ? "" : url)
            isComplete = isComplete && (state == "ready" || state == "running")
        }
        if !isComplete { throw ExitCode(1) }
    }
}
