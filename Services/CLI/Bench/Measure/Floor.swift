import Foundation

/// What the machine can do without Martlet, measured beside it in the same run.
struct Floor: Sendable {
    /// POSTs a second of one event's body from the load generator to the receiver.
    let posts: Double
    /// `fdatasync` calls a second on the database's disk, one page each.
    let syncs: Double

    static func measure(on stage: BenchStage, plan: BenchPlan) async throws -> Floor {
        let body = SamplePayload(bytes: plan.payloadBytes).event(resource: "0000000000")
        let script = WrkScript(path: "/hook", headers: [:], tenants: [], pieces: [body])
        let seconds = plan.isQuick ? 2 : 5
        let outcome = try await Wrk(script: script).run(against: stage.nginx.url, seconds: seconds)
        return Floor(posts: outcome.perSecond, syncs: try syncRate(in: stage.directory.path))
    }

    /// For 300 ms, a page of 8 KiB after the other as a write-ahead log is written.
    private static func syncRate(in folder: String) throws -> Double {
        let path = folder + "/sync.probe"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure("cannot write \(path)") }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x5A, count: 8192)
        let pages = 2048  // 16 MiB, made before as PostgreSQL makes its segments
        for number in 0..<pages { _ = pwrite(descriptor, page, page.count, number * 8192) }
        fsync(descriptor)
        var count = 0
        let began = ContinuousClock.now
        while ContinuousClock.now - began < .milliseconds(300) {
            guard pwrite(descriptor, page, page.count, count % pages * 8192) == page.count, fdatasync(descriptor) == 0
            else { throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))") }
            count += 1
        }
        return Double(count) / ((ContinuousClock.now - began) / .seconds(1))
    }

    var section: Section {
        var section = Section("floor: the same machine without Martlet")
        section.add("raw POST rate, wrk to nginx", posts, .perSecond)
        section.add("fdatasync of 8 KiB", syncs, .perSecond)
        return section
    }
}
