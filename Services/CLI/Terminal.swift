import Glibc

/// What the person at the terminal reads. Answers go to standard output, all else to standard error.
enum Terminal {
    /// Writes a line of the answer.
    static func line(_ text: String = "") { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes a line about the work: progress, a warning, a reason.
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes all of `text` in as few calls as the kernel allows; gives up silently when nobody reads any more.
    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// A command that cannot go on, with the one line that its user reads.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
