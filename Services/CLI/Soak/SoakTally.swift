/// What a soak has seen.
struct SoakTally: Sendable, Equatable {
    /// By process.
    var kills: [String: Int] = [:]
    /// Answered 202.
    var accepted = 0
    /// Refused or not answered: not owed.
    var refused = 0
    /// Accepted, and owed still.
    var pending = 0
    /// Accepted, and neither settled nor owed, or settled but unknown to the receiver.
    var lost = 0
    /// Requests beyond the first of an event.
    var duplicates = 0

    /// - Parameters:
    ///   - missing: accepted events that have neither a final request in the history nor a pending delivery.
    ///   - unseen: accepted events that the receiver never got; those that are pending may be among them.
    static func lost(missing: Int, unseen: Int, pending: Int) -> Int { max(missing, unseen - pending) }

    var text: String {
        let names = kills.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        var table = TextTable()
        table.rows = [
            ["killed", "\(kills.values.reduce(0, +))" + (names.isEmpty ? "" : " (\(names))")],
            ["accepted", String(accepted)], ["refused or unanswered", String(refused)],
            ["still pending", String(pending)], ["duplicates", String(duplicates)], ["lost", String(lost)],
        ]
        return table.lines().joined(separator: "\n")
    }
}
