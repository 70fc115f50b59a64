import Glibc

/// What every Prometheus client tells about its own process, read from `/proc/self`.
///
/// (prometheus.io/docs/instrumenting/writing_clientlibs, "Process metrics".)
enum ProcessMetrics {
    /// The families that could be read; an unreadable `/proc` leaves them out.
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        if let stat = Stat(text: text(of: "/proc/self/stat")) {
            let ticks = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
            let seconds = Double(stat.ticks) / ticks
            families.append(
                MetricFamily("process_cpu_seconds_total", .counter, help: "CPU time used, in user and kernel.", seconds)
            )
            let resident = Double(stat.residentPages) * Double(sysconf(Int32(_SC_PAGESIZE)))
            families.append(
                MetricFamily("process_resident_memory_bytes", .gauge, help: "Memory held in RAM.", resident))
            if let boot = bootTime(text(of: "/proc/stat")) {
                let start = Double(boot) + Double(stat.startTicks) / ticks
                families.append(
                    MetricFamily("process_start_time_seconds", .gauge, help: "When it began, since 1970.", start))
            }
        }
        if let count = openFiles() {
            families.append(MetricFamily("process_open_fds", .gauge, help: "Open file descriptors.", Double(count)))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            let most = Double(limit.rlim_cur)
            families.append(MetricFamily("process_max_fds", .gauge, help: "File descriptors it may open.", most))
        }
        return families
    }

    /// The fields of `/proc/self/stat` that count here (proc(5)).
    struct Stat: Equatable {
        let ticks: UInt64, startTicks: UInt64, residentPages: UInt64

        init?(text: String) {
            // The second field is the program's name in parentheses and may hold anything, spaces too.
            guard let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 21, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
                let start = UInt64(fields[19]), let resident = UInt64(fields[21])
            else { return nil }
            (ticks, startTicks, residentPages) = (user &+ system, start, resident)
        }
    }

    /// The line `btime` of `/proc/stat`: seconds since 1970.
    static func bootTime(_ text: String) -> UInt64? {
        text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { UInt64($0.dropFirst(6)) }
    }

    private static func openFiles() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return max(count - 3, 0)  // `.`, `..` and the folder's own descriptor
    }

    private static func text(of path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(file, &part, part.count)
            guard count > 0 else { break }
            text += part[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}
