/// How many rows a lane may read, so that memory is bounded whatever the number of lanes.
enum LaneRoom {
    static let widest = 256
    static let narrowest = 16
    /// A window this short is filled again.
    static let lowWater = 64
    /// Rows in all windows together, at most.
    static let total = 64_000
    /// Rows of one read, at most.
    static let read = 4096

    /// The room of a lane whose window has `count` rows, while all windows hold `total`.
    static func room(count: Int, total: Int) -> Int {
        let width = total < Self.total / 2 ? widest : narrowest
        return min(max(0, width - count), max(0, Self.total - total))
    }
}
