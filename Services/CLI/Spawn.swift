import Foundation

/// Programs started by posix_spawn: they inherit no descriptor but the three that they are given.
enum Spawn {
    /// glibc's POSIX_SPAWN_SETSID: a session of its own, so that the terminal's end and Ctrl-C do not reach it.
    private static let setsid: Int16 = 0x80

    /// Starts `command` in a session of its own; its output is appended to `log`. It outlives this process.
    /// - Parameter command: an absolute path, then arguments.
    static func detached(_ command: [String], environment: [String: String], log: String) throws -> pid_t {
        try start(command, environment: environment, output: log, flags: setsid)
    }

    /// Runs `command` to its end.
    /// - Returns: its exit code (128 + signal if one ended it) and all that it wrote.
    static func run(
        _ command: [String], environment: [String: String]
    ) async throws -> (status: Int32, output: String) {
        // A file, not a pipe: what the command leaves running may keep its output open.
        let output = NSTemporaryDirectory() + "/martlet-\(getpid())-\(UInt64.random(in: .min ... .max)).out"
        defer { unlink(output) }
        let pid = try start(command, environment: environment, output: output, flags: 0)
        var status: Int32 = 0
        do {
            _ = try await Deadline.wait(for: .seconds(86400)) { waitpid(pid, &status, WNOHANG) != 0 }
        } catch {  // nobody waits for the command any more
            kill(pid, SIGTERM)
            waitpid(pid, &status, 0)
            throw error
        }
        let signal = status & 0x7F
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        return (signal == 0 ? status >> 8 & 0xFF : 128 + signal, text)
    }

    private static func start(
        _ command: [String], environment: [String: String], output: String, flags: Int16
    ) throws -> pid_t {
        closeOnExec()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)

        // This process may block or ignore signals; what it starts begins with a clean slate.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, flags | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, command[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw CommandFailure("cannot start \(command[0]): \(String(cString: strerror(code)))") }
        return pid
    }

    /// Marks every descriptor but the first three, whoever opened it.
    private static func closeOnExec() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            guard let descriptor = Int32(name), descriptor > STDERR_FILENO else { continue }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}
