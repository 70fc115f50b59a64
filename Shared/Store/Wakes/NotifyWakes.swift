public import Postgres

/// Says "look at the wakes", and nothing more: after the commit, on a session of its own.
///
/// NOTIFY takes a lock of the whole cluster through its commit, so it never shares a data transaction.
public struct NotifyWakes: Statement {
    /// The channel that owners listen to.
    public static let channel = "martlet_wakes"

    public static let sql = """
        NOTIFY martlet_wakes
        """

    public init() {}
}
