import EventPatterns
import JSON
import Webhooks

extension WebhookInput {
    /// `events`, `isEnabled`, `whenDisabled`, `filter`.
    static func readEvents(_ reader: MemberReader, rules: WebhookRules, into draft: inout WebhookConfiguration) {
        draft.isEnabled = reader.bool("isEnabled") ?? true
        draft.whenDisabled = reader.choice("whenDisabled") ?? .queue
        draft.filter = readFilter(reader)
        guard let elements = reader.elements("events", count: 1...100, isRequired: true) else { return }
        for (field, element) in elements {
            guard let given = reader.string(element, at: field, length: 1...200),
                let name = eventName(given, at: field, rules: rules, faults: reader.faults)
            else { continue }
            if !draft.events.contains(name) { draft.events.append(name) }
        }
    }

    /// The name or pattern to keep for what was given: aliases become names.
    private static func eventName(_ given: String, at field: String, rules: WebhookRules, faults: Faults) -> String? {
        if let type = rules.catalogue.type(named: given) { return type.name }
        if rules.keptEvents.contains(given) { return given }
        let isOpen = rules.settings.eventCatalogue == .open
        if given.hasSuffix("*") {
            if let pattern = EventPattern(given), isOpen || rules.catalogue.matches(pattern) { return given }
            faults.add(
                field, .unknownEvent, "No event type matches `\(given)`; `*` and prefixes as `order-*` are known.")
            return nil
        }
        if isOpen, EventType.isValidName(given) { return given }
        let near = rules.catalogue.nearNames(to: given)
        let hint = near.isEmpty ? "" : " Near names: \(near.map { "`\($0)`" }.joined(separator: ", "))."
        faults.add(field, .unknownEvent, "`\(given)` is not in the event catalogue.\(hint)")
        return nil
    }

    /// Compact JSON text of the pattern.
    private static func readFilter(_ reader: MemberReader) -> String? {
        guard let value = reader.value("filter") else { return nil }
        guard value.objectMembers != nil else {
            reader.faults.add("filter", .wrongType, "An object is needed, not \(value.kindName).")
            return nil
        }
        guard !value.containsNUL else {
            reader.faults.add("filter", .invalid, "U+0000 cannot be kept.")
            return nil
        }
        do throws(PatternFaults) {
            return String(decoding: try EventFilter(value).text, as: UTF8.self)
        } catch {
            for fault in error.list {
                let field = fault.path.isEmpty ? "filter" : "filter.\(fault.path)"
                reader.faults.add(field, Faults.Code(fault.code), fault.detail)
            }
            return nil
        }
    }
}

extension Faults.Code {
    fileprivate init(_ code: PatternFault.Code) {
        self =
            switch code {
            case .wrongType: .wrongType
            case .tooShort: .tooShort
            case .tooLong: .tooLong
            case .outOfRange: .outOfRange
            case .invalid: .invalid
            case .unknownOperator: .unknownValue
            case .duplicate: .duplicate
            }
    }
}
