import JSON

extension JSONValue {
    /// Nil unless it is an object.
    var objectMembers: Members? { isObject ? members : nil }
    /// Nil unless it is an array.
    var arrayElements: Elements? { isArray ? elements : nil }

    /// For sentences: `a string`, `null`.
    var kindName: String {
        switch kind {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}
