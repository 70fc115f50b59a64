import CEpoll

/// What a socket can do now without blocking. An error or a hang-up counts as both, so that whoever waits finds out.
public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let read = Readiness(rawValue: 1)
    public static let write = Readiness(rawValue: 2)

    init(mask: UInt32) {
        let failed = UInt32(EPOLLHUP.rawValue | EPOLLERR.rawValue)
        self = []
        if mask & (UInt32(EPOLLIN.rawValue) | failed) != 0 { insert(.read) }
        if mask & (UInt32(EPOLLOUT.rawValue) | failed) != 0 { insert(.write) }
    }

    var mask: UInt32 {
        (contains(.read) ? UInt32(EPOLLIN.rawValue) : 0) | (contains(.write) ? UInt32(EPOLLOUT.rawValue) : 0)
    }
}
