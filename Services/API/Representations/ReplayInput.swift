import JSON
import Webhooks

/// What a request body says about a replay, checked whole.
struct ReplayInput {
    /// Never beyond the present.
    let span: ClosedRange<Instant>
    let only: Replay.Choice

    /// Nil where anything was wrong; `faults` then says what.
    init?(_ body: JSONValue, now: Instant, faults: Faults) {
        guard let reader = MemberReader(body, known: ["since", "until", "only"], faults: faults) else { return nil }
        let since = Self.instant("since", of: reader, isRequired: true)
        let until = Self.instant("until", of: reader)
        only = reader.choice("only") ?? .failed
        if let since, let until, until < since {
            faults.add("until", .outOfRange, "`until` may not lie before `since`.")
        } else if let since, since > now {
            faults.add("since", .outOfRange, "`since` may not lie in the future.")
        }
        guard faults.isEmpty, let since else { return nil }
        span = since...min(until ?? now, now)
    }

    private static func instant(_ name: String, of reader: MemberReader, isRequired: Bool = false) -> Instant? {
        guard let text = reader.string(name, length: 1...64, isRequired: isRequired) else { return nil }
        if let instant = Instant(rfc3339: text) { return instant }
        reader.faults.add(name, .invalid, "A time as 2025-10-07T11:48:45.000Z is needed (RFC 3339, with its zone).")
        return nil
    }
}
