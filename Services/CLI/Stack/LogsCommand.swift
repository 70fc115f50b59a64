import ArgumentParser
import Foundation

/// `martlet logs`: shows what the processes of the stack wrote.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Show the logs of the stack.")

    @OptionGroup var stack: DirectoryOption

    @Argument(help: "Which ones, e.g. delivery; all if none is named.")
    var names: [String] = []

    @Flag(name: .shortAndLong, help: "Go on with what comes.")
    var follow = false

    @Option(name: .shortAndLong, help: "Lines of each log.")
    var lines: Int = 20

    func run() throws {
        let directory = try StackDirectory(stack.directory)
        let known = try FileManager.default.contentsOfDirectory(atPath: directory.log)
            .filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }.sorted()
        for name in names where !known.contains(name) {
            throw CommandFailure("there is no log called \(name); there are: \(known.joined(separator: ", "))")
        }
        let files = (names.isEmpty ? known : names).map(directory.logFile)
        guard !files.isEmpty else { throw CommandFailure("there are no logs in \(directory.log)") }
        let command = ["tail", "-n", String(lines)] + (follow ? ["-F"] : []) + files
        var arguments = command.map { strdup($0) } + [nil]
        execvp("tail", &arguments)  // returns only if it failed
        throw CommandFailure("cannot run tail: \(String(cString: strerror(errno)))")
    }
}
