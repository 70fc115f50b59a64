/// One measured value, and the goal that it is held against where it has one.
struct Figure: Sendable, Equatable {
    enum Unit: String, Sendable {
        case perSecond = "1/s"
        case milliseconds = "ms"
        case microseconds = "µs"
        case bytes = "B"
        case mebibytes = "MiB"
        case count = "1"
        /// Of one figure to another.
        case ratio = "×"
        /// Of the raw POST rate of the same run; shown as `1/15`.
        case share = "of raw"
    }

    let name: String
    let value: Double
    let unit: Unit
    var goal: Goal?

    init(_ name: String, _ value: Double, _ unit: Unit, goal: Goal? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
        self.goal = goal
    }

    /// Nil where it has no goal.
    var isReached: Bool? { goal?.isReached(by: value) }

    var text: String { unit.text(of: value) }
}

extension Figure.Unit {
    /// A value as a person reads it.
    func text(of value: Double) -> String {
        switch self {
        case .perSecond: value < 10 ? value.rounded(to: 1) + "/s" : value.rounded(to: 0) + "/s"
        case .milliseconds, .microseconds: value.rounded(to: value < 100 ? 1 : 0) + " " + rawValue
        case .bytes, .mebibytes: value.rounded(to: 0) + " " + rawValue
        case .count: value == value.rounded() ? value.rounded(to: 0) : value.rounded(to: 3)
        case .ratio: value.rounded(to: 2) + " ×"
        case .share: value > 0 ? "1/" + (1 / value).rounded(to: 1) : "0"
        }
    }
}

extension Double {
    /// With so many decimals, without an exponent.
    fileprivate func rounded(to decimals: Int) -> String {
        guard isFinite, abs(self) < 1e15 else { return "–" }
        let power = (0..<decimals).reduce(1) { power, _ in power * 10 }
        let scaled = Int((abs(self) * Double(power)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return sign + String(scaled) }
        let fraction = String(scaled % power)
        return sign + String(scaled / power) + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }
}
