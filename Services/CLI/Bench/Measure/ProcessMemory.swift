import Foundation

/// What a process holds in memory, by `/proc/<pid>/status`.
struct ProcessMemory: Sendable, Equatable {
    /// Now, in KiB.
    let resident: Int
    /// The most that it ever held, in KiB.
    let peak: Int

    init?(status: String) {
        func kibibytes(_ name: String) -> Int? {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line.flatMap { Int($0.split(whereSeparator: { !$0.isNumber }).first ?? "") }
        }
        guard let resident = kibibytes("VmRSS"), let peak = kibibytes("VmHWM") else { return nil }
        self.resident = resident
        self.peak = peak
    }

    /// Nil if there is no such process.
    static func of(_ pid: pid_t) -> ProcessMemory? {
        (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)).flatMap(ProcessMemory.init(status:))
    }
}
