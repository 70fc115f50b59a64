import JSON

/// Reads a pattern; whatever is wrong is noted under its path, and reading goes on.
struct PatternReader {
    var faults: [PatternFault] = []

    mutating func fault(_ code: PatternFault.Code, _ path: String, _ detail: String) {
        faults.append(PatternFault(code, at: path, detail))
    }

    /// - Parameter depth: of `value`, from 1.
    mutating func node(_ value: JSONValue, at path: String, depth: Int) -> PatternNode? {
        guard value.isObject else {
            fault(.wrongType, path, "An object is needed.")
            return nil
        }
        guard isWithinLimit(depth, path) else { return nil }
        var node = PatternNode()
        var names: Set<String> = []
        for (name, value) in value.members {
            let path = Self.path(path, name)
            guard names.insert(name).inserted else {
                fault(.duplicate, path, "A name may stand once in an object.")
                continue
            }
            if name == "$or" {
                if let nodes = choice(value, at: path, depth: depth + 1) { node.choices.append(nodes) }
            } else if value.isObject {
                guard let object = self.node(value, at: path, depth: depth + 1) else { continue }
                node.members.append((name, .object(object)))
            } else if value.isArray {
                node.members.append((name, .values(alternatives(value, at: path, depth: depth + 1))))
            } else {
                fault(.wrongType, path, "An array of alternatives is needed, or an object with members below.")
            }
        }
        if names.isEmpty { fault(.tooShort, path, "An object needs a member.") }
        return node
    }

    private mutating func choice(_ value: JSONValue, at path: String, depth: Int) -> [PatternNode]? {
        guard value.isArray else {
            fault(.wrongType, path, "An array of objects is needed.")
            return nil
        }
        guard isWithinLimit(depth, path) else { return nil }
        guard value.elements.count > 1 else {
            fault(.tooShort, path, "At least two objects are needed.")
            return nil
        }
        var nodes: [PatternNode] = []
        for (index, element) in value.elements.enumerated() {
            if let node = node(element, at: "\(path)[\(index)]", depth: depth + 1) { nodes.append(node) }
        }
        return nodes
    }

    private mutating func alternatives(_ value: JSONValue, at path: String, depth: Int) -> Alternatives {
        var alternatives = Alternatives()
        guard isWithinLimit(depth, path) else { return alternatives }
        for (index, element) in value.elements.enumerated() {
            let path = "\(path)[\(index)]"
            switch element.kind {
            case .string: alternatives.add(Array((element.string ?? "").utf8))
            case .number: if let number = number(element, at: path) { alternatives.add(number) }
            case .bool:
                if element.bool == true { alternatives.holdsTrue = true } else { alternatives.holdsFalse = true }
            case .null: alternatives.holdsNull = true
            case .object: read(operator: element, at: path, into: &alternatives)
            case .array:
                fault(.wrongType, path, "A string, a number, true, false, null or an operator is needed.")
            }
        }
        if value.elements.isEmpty { fault(.tooShort, path, "At least one alternative is needed.") }
        return alternatives
    }

    /// A number whose size can be told.
    mutating func number(_ value: JSONValue, at path: String) -> JSONDecimal? {
        if let number = value.decimal { return number }
        fault(.outOfRange, path, "The exponent is too large.")
        return nil
    }

    private mutating func isWithinLimit(_ depth: Int, _ path: String) -> Bool {
        if depth <= EventFilter.depthLimit { return true }
        fault(.tooLong, path, "At most \(EventFilter.depthLimit) levels of nesting.")
        return false
    }

    static func path(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
