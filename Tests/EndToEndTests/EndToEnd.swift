import Testing

/// Real executables, a real PostgreSQL that syncs its files, real sockets. One stack for all, one test at a time: some
/// of them pull the plug.
@Suite(.stack, .serialized) struct EndToEnd {}

extension EndToEnd {
    static var stack: RunningStack {
        get throws { try #require(StackTrait.current, "the suite's stack runs") }
    }
}
