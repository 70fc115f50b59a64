import Synchronization

/// Whether the service can do its work: what `/readyz` tells.
public final class Health: Sendable {
    /// Throws, or gives false, while what it looks at is not there.
    public typealias Check = @Sendable () async throws -> Bool

    /// One check's answer.
    public struct Finding: Sendable, Equatable {
        public let name: String
        public let isReady: Bool
    }

    private let checks = Mutex<[(name: String, check: Check)]>([])
    private let patience: Duration

    /// - Parameter patience: how long a check may take before it counts as failed.
    public init(patience: Duration = .seconds(2)) { self.patience = patience }

    /// Adds a check under a name that operators see, such as `database`. Its errors are not shown to them.
    public func require(_ name: String, _ check: @escaping Check) {
        checks.withLock { $0.append((name, check)) }
    }

    /// All answers, in the order in which the checks were added.
    public func findings() async -> [Finding] {
        let checks = checks.withLock { $0 }
        let patience = patience
        return await withTaskGroup(of: (Int, Bool).self) { group in
            for (place, entry) in checks.enumerated() {
                group.addTask { (place, ((try? await within(patience, entry.check)) ?? nil) ?? false) }
            }
            var isReady = [Bool](repeating: false, count: checks.count)
            for await (place, answer) in group { isReady[place] = answer }
            return zip(checks, isReady).map { Finding(name: $0.name, isReady: $1) }
        }
    }
}
