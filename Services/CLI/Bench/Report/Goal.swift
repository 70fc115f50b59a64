/// What a figure is to be. A missed goal is told, never an error.
struct Goal: Sendable, Equatable {
    enum Bound: String, Sendable { case atLeast = "≥", atMost = "≤" }

    let bound: Bound
    let limit: Double

    static func atLeast(_ limit: Double) -> Goal { Goal(bound: .atLeast, limit: limit) }
    static func atMost(_ limit: Double) -> Goal { Goal(bound: .atMost, limit: limit) }

    func isReached(by value: Double) -> Bool { bound == .atLeast ? value >= limit : value <= limit }
}
