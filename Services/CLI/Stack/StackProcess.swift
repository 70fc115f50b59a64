import Foundation

/// A process of the stack: started detached, found again by its pid file.
struct StackProcess {
    /// The file that holds its pid.
    let pidFile: String
    /// The last part of its executable's path, so that a pid that was given to another program is not taken for it.
    let executableName: String

    /// Its pid if it runs. A zombie does not run.
    var pid: pid_t? {
        guard let text = try? String(contentsOfFile: pidFile, encoding: .utf8),
            let pid = pid_t(text.split(whereSeparator: \.isWhitespace).first ?? ""), pid > 1,
            Self.executableName(of: pid) == executableName
        else { return nil }
        return pid
    }

    func remember(_ pid: pid_t) throws {
        do {
            try "\(pid)\n".write(toFile: pidFile, atomically: true, encoding: .utf8)
        } catch { throw CommandFailure("cannot write \(pidFile)") }
    }

    func forget() { try? FileManager.default.removeItem(atPath: pidFile) }

    /// Nil for a zombie, for no process, and for one of somebody else.
    private static func executableName(of pid: pid_t) -> String? {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/exe") else {
            return nil
        }
        let name = path.split(separator: "/").last.map(String.init)
        return name?.replacingOccurrences(of: " (deleted)", with: "")  // built anew meanwhile
    }

    /// Asks it to end, and makes it end when it has not within `patience`. Returns when it is gone.
    func stop(patience: Duration) async throws {
        guard let pid else { return forget() }
        kill(pid, SIGTERM)
        if try await !Deadline.wait(for: patience, until: { self.pid == nil }) {
            Terminal.note("process \(pid) (\(executableName)) did not end within \(patience); it is killed")
            kill(pid, SIGKILL)
            _ = try await Deadline.wait(for: .seconds(5), until: { self.pid == nil })
        }
        forget()
    }
}
