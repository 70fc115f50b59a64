import Foundation

/// A line of `/proc/<pid>/stat`: who the process is, and the processor time that it took.
struct ProcessTimes: Sendable, Equatable {
    let pid: pid_t
    let parent: pid_t
    /// In clock ticks, user and system together.
    let own: Int
    /// Of children that have ended and were waited for, their children included.
    let ended: Int

    /// Nil unless `stat` is such a line. The name in it may hold spaces and parentheses.
    init?(stat: String) {
        guard let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")"),
            let pid = pid_t(stat[..<open].filter { $0 != " " })
        else { return nil }
        // After the name: state, ppid, pgrp, session, tty, tpgid, flags, 4 of faults, utime, stime, cutime, cstime, …
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        guard fields.count > 14, let parent = pid_t(fields[1]) else { return nil }
        let times = fields[11...14].compactMap { Int($0) }
        guard times.count == 4 else { return nil }
        self.pid = pid
        self.parent = parent
        own = times[0] + times[1]
        ended = times[2] + times[3]
    }
}

/// All processes at one moment.
struct ProcessTable: Sendable {
    let processes: [ProcessTimes]

    static func now() -> ProcessTable {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return ProcessTable(
            processes: names.compactMap { name in
                guard pid_t(name) != nil else { return nil }
                return (try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8))
                    .flatMap(ProcessTimes.init(stat:))
            })
    }

    /// Ticks of `pid` and of its children that have ended.
    func ticks(of pid: pid_t) -> Int {
        processes.first { $0.pid == pid }.map { $0.own + $0.ended } ?? 0
    }

    /// Ticks of `pid` and of all its descendants, those that have ended too. It never goes down: what a child took
    /// moves to its parent when it ends.
    func ticks(ofTree pid: pid_t) -> Int {
        ticks(of: pid)
            + processes.filter { $0.parent == pid && $0.pid != pid }.map { ticks(ofTree: $0.pid) }
            .reduce(0, +)
    }

    static let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
}
