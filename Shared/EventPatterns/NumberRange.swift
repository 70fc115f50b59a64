import JSON

/// The numbers that a `numeric` takes.
struct NumberRange: Sendable {
    struct Bound: Sendable {
        let number: JSONDecimal
        let isIncluded: Bool
    }

    var lower: Bound?
    var upper: Bound?

    func contains(_ number: JSONDecimal) -> Bool {
        if let lower, lower.isIncluded ? number < lower.number : number <= lower.number { return false }
        if let upper, upper.isIncluded ? upper.number < number : upper.number <= number { return false }
        return true
    }
}
