/// Collects everything that is wrong with one request body, so that a 422 names all faults at once.
final class Faults {
    /// One fault: a path such as `retry.schedule[2]`, a code for programs, a sentence for people.
    struct Fault: Hashable {
        let field: String
        let code: Code
        let detail: String
    }

    /// What a program may switch on. Codes are only ever added.
    enum Code: String {
        case required, unknownMember = "unknown_member", wrongType = "wrong_type", outOfRange = "out_of_range"
        case tooShort = "too_short", tooLong = "too_long", invalid, unknownValue = "unknown_value"
        case unknownEvent = "unknown_event", forbiddenAddress = "forbidden_address", forbiddenScheme =
            "forbidden_scheme"
        case forbiddenHeader = "forbidden_header", duplicate, conflict, masked, limitReached = "limit_reached"
    }

    private(set) var list: [Fault] = []

    var isEmpty: Bool { list.isEmpty }

    func add(_ field: String, _ code: Code, _ detail: String) {
        list.append(Fault(field: field, code: code, detail: detail))
    }
}
