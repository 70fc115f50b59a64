/// How many rows a lane may read, so that memory is bounded whatever the number of lanes.
enum LaneRoom {
    static let widest = 256
    static let narrowest = 16
    /// A window this short is filled again.
    static let lowWater = 64
    /// A lane that may send nothing for longer keeps one row only.
    static let sleep = Duration.seconds(1)
    /// Rows in all windows together, at most.
    static let total = 64_000
    /// Rows of one read, at most.
    static let read = 4096

    /// The room of a lane that asks for `width` rows and has `count` of them, while all windows hold `total`.
    ///
    /// A lane with nothing always has room for one row: whoever fills the windows, everybody gets on.
    static func room(width: Int, count: Int, total: Int) -> Int {
        let width = total < Self.total / 2 ? width : narrowest
        return max(count == 0 ? 1 : 0, min(width - count, Self.total - total))
    }
}
