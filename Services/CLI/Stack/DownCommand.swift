import ArgumentParser

/// `martlet down`: ends what `martlet up` started. What is stored stays.
struct DownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "End what `martlet up` started; what is stored stays.")

    @OptionGroup var stack: DirectoryOption

    func run() async throws {
        let directory = try StackDirectory(stack.directory)
        let lock = try StackLock(directory)
        defer { lock.release() }
        let stopped = try await Stack(directory: directory).stop()
        Terminal.line(stopped.isEmpty ? "nothing was running" : "ended: \(stopped.joined(separator: ", "))")
    }
}
