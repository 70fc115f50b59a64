import JSON

/// How something may match: by values that are there, by the absence of all that the pattern names, or both.
struct Fit: Hashable {
    /// At least one value matched, and everything else matches beside it: in an array, this is the element meant.
    var byValue: Bool
    /// Everything matches because nothing of it is there.
    var byAbsence: Bool

    var holds: Bool { byValue || byAbsence }

    static let none = Fit(byValue: false, byAbsence: false)
}

/// What an object of the event must look like: all of `members`, and of each choice one node.
struct PatternNode: Sendable {
    enum Condition: Sendable {
        case values(Alternatives)
        case object(PatternNode)
    }

    var members: [(name: String, condition: Condition)] = []
    /// Each `$or`: its nodes.
    var choices: [[PatternNode]] = []

    /// How it matches where there is no object.
    var fitOfNothing: Fit { fit { _ in nil } }

    /// How it matches an object, given by its members.
    func fit(of member: (String) -> EventFilter.Member?) -> Fit {
        var result = Fit(byValue: false, byAbsence: true)
        for (name, condition) in members {
            let found = member(name)
            let fit: Fit =
                switch condition {
                case .values(let alternatives): alternatives.fit(of: found)
                case .object(let node):
                    if case .value(let value) = found { node.fit(of: value) } else { node.fitOfNothing }
                }
            guard result.add(fit) else { return .none }
        }
        for nodes in choices {
            var choice = Fit.none
            for node in nodes {
                let fit = node.fit(of: member)
                choice.byValue = choice.byValue || fit.byValue
                choice.byAbsence = choice.byAbsence || fit.byAbsence
                if choice.byValue, choice.byAbsence || !result.byAbsence { break }
            }
            guard result.add(choice) else { return .none }
        }
        return result
    }

    /// How it matches a value: of an array the elements, whichever of them holds what the pattern names.
    func fit(of value: JSONValue) -> Fit {
        switch value.kind {
        case .object: return fit { name in value.member(name).map(EventFilter.Member.value) }
        case .array:
            let nothing = fitOfNothing  // worked out once: an array may hold very many elements without members
            var result = Fit(byValue: false, byAbsence: nothing.byAbsence)
            for element in value.elements {
                let fit = element.isObject || element.isArray ? fit(of: element) : nothing
                result.byValue = result.byValue || fit.byValue
                result.byAbsence = result.byAbsence && fit.byAbsence
                if result.byValue, !result.byAbsence { break }
            }
            return result
        case .string, .number, .bool, .null: return fitOfNothing
        }
    }
}

extension Fit {
    /// One more part that must match too; false when it does not.
    fileprivate mutating func add(_ part: Fit) -> Bool {
        byValue = byValue && part.holds || byAbsence && part.byValue
        byAbsence = byAbsence && part.byAbsence
        return holds
    }
}
