import HTTPTypes
import Hosting
import JSON
import Webhooks

/// Reads the events of one request body: all of them, or the problem that the request is answered with.
struct EventReader {
    /// Bytes of one event's text.
    static let eventLimit = 256 << 10
    /// Bytes of a body.
    static let bodyLimit = 5 << 20
    /// Events of a body.
    static let countLimit = 1000
    /// Containers inside one another in one event.
    static let depthLimit = 64

    /// How a body holds events.
    enum Form: Hashable, Sendable {
        case json, lines
        /// Structured mode of CloudEvents.
        case cloudEvent
        /// Batched mode.
        case cloudEvents
        /// Binary mode: the body is the data, the attributes came beside it, by their names.
        case binary([String: String])
    }

    /// The events of a body, and whether it was one alone and no list.
    struct Submissions {
        let events: [EventSubmission]
        let isSingle: Bool
    }

    let catalogue: EventCatalogue
    /// Types of the tenant's own, by name.
    var ownTypes: [String: EventType] = [:]
    /// The tenant's catalogue is open: any name is a type.
    let takesAnyType: Bool
    let traceparent: String?
    var tracestate: String?
    /// The `Idempotency-Key` header: stands in for a missing `id`, in a list with the index behind it.
    let idempotencyKey: String?

    /// - Throws: 400 for bytes that are no JSON, 413 for an event that is too large, 422 with all faults at once, 409
    ///   for one key with two contents.
    func read(_ body: [UInt8], as form: Form) throws(Problem) -> Submissions {
        let (values, isSingle) = try values(of: body, as: form)
        guard !values.isEmpty else {
            throw .invalid([Problem.Fault(field: "", code: "empty", detail: "A list holds at least one event.")])
        }
        guard values.count <= Self.countLimit else {
            let detail = "A list holds at most \(Self.countLimit) events; this one has \(values.count)."
            throw .invalid([Problem.Fault(field: "", code: "too_many_events", detail: detail)])
        }
        let large = values.indices.filter { values[$0].range.count > Self.eventLimit }
        guard large.isEmpty else { throw Self.tooLarge(isSingle ? [] : large) }
        var decoder = EventDecoder(
            catalogue: catalogue, ownTypes: ownTypes, takesAnyType: takesAnyType, traceparent: traceparent,
            tracestate: tracestate, idempotencyKey: idempotencyKey)
        var events: [EventSubmission] = []
        events.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            let event =
                switch form {
                case .binary(let attributes): decoder.decodeCloudEvent(attributes, data: value)
                case .cloudEvent, .cloudEvents: decoder.decode(value, at: isSingle ? nil : index, isCloudEvent: true)
                case .json, .lines: decoder.decode(value, at: isSingle ? nil : index)
                }
            if let event { events.append(event) }
        }
        guard decoder.faults.isEmpty else { throw .invalid(decoder.faults) }
        let conflicts = Self.findRepetitions(in: &events)
        guard conflicts.isEmpty else { throw Self.conflict(conflicts, isSingle: isSingle) }
        return Submissions(events: events, isSingle: isSingle)
    }

    // MARK: Documents

    private func values(of body: [UInt8], as form: Form) throws(Problem) -> (values: [JSONValue], isSingle: Bool) {
        switch form {
        case .lines:
            var values: [JSONValue] = []
            var deep: [Int] = []
            for line in JSONLines(body) {
                do throws(JSONError) {
                    values.append(try JSONDocument(parsing: Array(line), maximumDepth: Self.depthLimit).root)
                } catch {
                    guard case .tooDeep = error.reason else { throw Self.malformed(error, after: line.startIndex) }
                    deep.append(values.count + deep.count)
                }
                guard values.count + deep.count <= Self.countLimit else { break }
            }
            guard deep.isEmpty else { throw Self.tooDeep(deep.map { "[\($0)]" }) }
            return (values, false)
        case .cloudEvent, .binary: return try document(body, isList: false)
        case .cloudEvents:
            let (values, isSingle) = try document(body, isList: true)
            guard isSingle else { return (values, false) }
            throw .invalid([Problem.Fault(field: "", code: "wrong_type", detail: "A batch is an array of events.")])
        case .json:
            let isList = body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 } == UInt8(ascii: "[")
            return try document(body, isList: isList)
        }
    }

    /// - Parameter isList: whether its elements are the events, if it is an array.
    private func document(_ body: [UInt8], isList: Bool) throws(Problem) -> (values: [JSONValue], isSingle: Bool) {
        do throws(JSONError) {
            let root = try JSONDocument(parsing: body, maximumDepth: Self.depthLimit + (isList ? 1 : 0)).root
            return isList && root.isArray ? (Array(root.elements), false) : ([root], true)
        } catch {
            guard case .tooDeep = error.reason else { throw Self.malformed(error, after: 0) }
            throw Self.tooDeep(isList ? Self.deepElements(of: body) : [""])
        }
    }

    /// The paths of a list's elements that are too deep; the list itself where they are too deep to be looked for.
    private static func deepElements(of body: [UInt8]) -> [String] {
        guard let list = try? JSONDocument(parsing: body, maximumDepth: JSONDocument.greatestMaximumDepth).root else {
            return [""]
        }
        return list.elements.enumerated().filter { _, element in
            (try? JSONDocument(parsing: Array(element.rawBytes), maximumDepth: depthLimit)) == nil
        }.map { "[\($0.offset)]" }
    }

    // MARK: Repetitions

    /// Marks events that repeat an earlier one of the same body; gives the indices of those that contradict one.
    private static func findRepetitions(in events: inout [EventSubmission]) -> [Int] {
        guard events.count > 1 else { return [] }
        var first: [Fingerprint: Int] = [:]
        var conflicts: [Int] = []
        for index in events.indices {
            guard let key = events[index].key else { continue }
            guard let earlier = first[key.key] else {
                first[key.key] = index
                continue
            }
            if events[earlier].key == key { events[index].repeats = earlier } else { conflicts.append(index) }
        }
        return conflicts
    }

    // MARK: Problems

    private static func malformed(_ error: JSONError, after start: Int) -> Problem {
        let offset = start + error.offset
        return .badRequest("Malformed JSON at byte \(offset): \(error.explanation).", code: "malformed_json")
    }

    private static func tooDeep(_ fields: [String]) -> Problem {
        .invalid(
            fields.map {
                Problem.Fault(field: $0, code: "too_deep", detail: "More than \(depthLimit) levels of nesting.")
            })
    }

    private static func tooLarge(_ indices: [Int]) -> Problem {
        let detail = "An event may hold \(eventLimit) bytes."
        let faults = indices.map { Problem.Fault(field: "[\($0)]", code: "event_too_large", detail: detail) }
        return Problem(.contentTooLarge, code: "event_too_large", detail: detail, errors: faults)
    }

    /// 409: keys that were used for other content. Nothing of the request is stored.
    static func conflict(_ indices: [Int], isSingle: Bool) -> Problem {
        let detail = "An event with this id was accepted before, with other content."
        var problem = Problem.conflict(isSingle ? detail : "Ids were used for other content.", code: "id_conflict")
        if !isSingle {
            problem.errors = indices.map {
                Problem.Fault(field: "[\($0)].id", code: "id_conflict", detail: detail)
            }
        }
        return problem
    }
}
