extension QueryChecks {
    /// Names stand once, spreads lead somewhere and never back, nothing is left over.
    ///
    /// - Returns: whether fragments can be put in place of their spreads: none is its own.
    mutating func checkFragments() -> Bool {
        var names: Set<String> = []
        for fragment in document.fragments where !names.insert(fragment.name).inserted {
            note(fragment.offset, "There are two fragments `\(fragment.name)`.")
        }
        forEachSelection { checks, selection in
            guard case .spread(let offset, let name, _) = selection, checks.fragments[name] == nil else { return }
            checks.note(offset, "There is no fragment `\(name)`.")
        }
        var isSound = true
        var used: Set<String> = []
        for operation in document.operations { collectSpreads(of: operation.selections, into: &used) }
        for fragment in document.fragments where !used.contains(fragment.name) {
            note(fragment.offset, "The fragment `\(fragment.name)` is not used.")
        }
        for fragment in document.fragments where leadsBack(fragment) {
            note(fragment.offset, "The fragment `\(fragment.name)` contains itself.")
            isSound = false
        }
        return isSound
    }

    private func leadsBack(_ fragment: QueryDocument.Fragment) -> Bool {
        var reached: Set<String> = []
        collectSpreads(of: fragment.selections, into: &reached)
        return reached.contains(fragment.name)
    }

    /// Names of the fragments that these selections lead to, directly or through others.
    private func collectSpreads(of selections: [QueryDocument.Selection], into names: inout Set<String>) {
        var lists = [selections]
        while let list = lists.popLast() {
            for selection in list {
                switch selection {
                case .field(let field): lists.append(field.selections ?? [])
                case .inline(_, _, let inner): lists.append(inner)
                case .spread(_, let name, _):
                    if names.insert(name).inserted, let fragment = fragments[name] {
                        lists.append(fragment.selections)
                    }
                }
            }
        }
    }

    // MARK: With fragments in place

    /// Counts fields as often as fragments bring them, and stops at the first one too many.
    mutating func checkSize(of operation: QueryDocument.Operation) -> Bool {
        var count = 0
        do throws(QueryFault) {
            try self.count(operation.selections, level: 0, &count)
            return true
        } catch {
            note(error.offset, error.message)
            return false
        }
    }

    private func count(
        _ selections: [QueryDocument.Selection], level: Int, _ count: inout Int
    ) throws(QueryFault) {
        for selection in selections {
            switch selection {
            case .field(let field):
                try Self.countOne(at: field.offset, &count)
                guard level < PayloadQuery.maximumLevels else { throw QueryParser.tooDeep(field.offset) }
                try self.count(field.selections ?? [], level: level + 1, &count)
            case .inline(_, _, let inner): try self.count(inner, level: level, &count)
            case .spread(let offset, let name, _):
                guard let fragment = fragments[name] else {
                    // Counted like a field: spreads that double and lead nowhere would never come to an end.
                    try Self.countOne(at: offset, &count)
                    continue
                }
                try self.count(fragment.selections, level: level, &count)
            }
        }
    }

    private static func countOne(at offset: Int, _ count: inout Int) throws(QueryFault) {
        count += 1
        guard count > PayloadQuery.maximumFields else { return }
        let message =
            "A query may have \(PayloadQuery.maximumFields) fields, those of fragments counted wherever they are"
            + " spread; here is one more."
        throw QueryFault(offset: offset, message: message)
    }

    /// Calls `body` with every field of one level.
    private func forEachField(
        _ selections: [QueryDocument.Selection], _ body: (QueryDocument.Field) -> Void
    ) {
        for selection in selections {
            switch selection {
            case .field(let field): body(field)
            case .inline(_, _, let inner): forEachField(inner, body)
            case .spread(_, let name, _): forEachField(fragments[name]?.selections ?? [], body)
            }
        }
    }

    mutating func checkRoots(of operation: QueryDocument.Operation) {
        guard let roots else { return }
        var unknown: [QueryDocument.Field] = []
        forEachField(operation.selections) { if !roots.contains($0.name) { unknown.append($0) } }
        for field in unknown {
            let names = roots.sorted().map { "`\($0)`" }.joined(separator: ", ")
            note(field.offset, "There is no root field `\(field.name)`, only \(names).")
        }
    }

    /// FieldsInSetCanMerge(): what has one key has one name and equal arguments, all the way down. Without a schema any
    /// two fields may meet in one object, so all of a key are compared with the first and then looked into together.
    mutating func checkMerging(_ lists: [[QueryDocument.Selection]]) {
        var firsts: [String: QueryDocument.Field] = [:]
        var inner: [String: [[QueryDocument.Selection]]] = [:]
        var conflicts: [QueryDocument.Field] = []
        for list in lists {
            forEachField(list) { field in
                let first = firsts[field.key, default: field]
                firsts[field.key] = first
                if first.name != field.name || !QueryDocument.areSame(first.arguments, field.arguments) {
                    conflicts.append(field)
                }
                if let selections = field.selections { inner[field.key, default: []].append(selections) }
            }
        }
        for field in conflicts {
            note(field.offset, "`\(field.key)` already stands for another field, or one with other arguments.")
        }
        for lists in inner.values { checkMerging(lists) }
    }
}
