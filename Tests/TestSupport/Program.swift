import Foundation

/// A program that is run to its end.
public struct Program: Sendable {
    public let status: Int32
    /// All that it wrote, to either output.
    public let output: String

    /// Runs `executable`, gives it `input`, and returns when it has ended **and** nobody holds its output open.
    public static func run(
        _ executable: String, _ arguments: [String] = [], input: String = "", environment: [String: String]? = nil,
        folder: String = Repository.root
    ) async throws -> Program {
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = environment ?? Repository.environment
        process.currentDirectoryURL = URL(filePath: folder)
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try? output.fileHandleForWriting.close()
        return await withCheckedContinuation { ending in
            DispatchQueue.global().async {  // blocks: not on the pool that the tests run on
                try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try? standardInput.fileHandleForWriting.close()
                let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
                process.waitUntilExit()
                ending.resume(
                    returning: Program(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
                )
            }
        }
    }

    /// Where a program is that the distribution installs; nil: it is not installed.
    public static func find(_ name: String) -> String? {
        ["/usr/bin/\(name)", "/usr/local/bin/\(name)"].first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs Python from `.venv`, where other people's libraries are.
    public static func python(_ script: String, input: String = "") async throws -> Program {
        let python = Repository.root + "/.venv/bin/python"
        guard FileManager.default.isExecutableFile(atPath: python) else {
            return Program(status: 127, output: "there is no .venv: run scripts/python-venv")
        }
        return try await run(python, ["-c", script], input: input)
    }
}

/// Where things are.
public enum Repository {
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// What the tests run: the executables of the same build.
    public static let executables = root + "/.build/debug"

    /// Without Martlet's settings: a stack of these tests makes its own database.
    public static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MARTLET_") }
    }
}
