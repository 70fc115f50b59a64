internal import JSON
internal import PayloadQueries
public import Webhooks

/// A payload query on its way to a request: what it asks for is known, the answers are not.
public struct AskedQuery: Sendable {
    /// Resources whose newest data has to be loaded, each once.
    public let resources: [Fingerprint]
    private let plan: QueryPlan
    private let resourcesOfLookup: [QueryLookup: [Fingerprint]]
    /// The event's own data, where it answers for its resource.
    private let own: (resource: Fingerprint, data: [UInt8])?

    /// Why a query gave no result.
    public struct Failure: Error, Hashable, Sendable {
        /// One sentence for people.
        public let message: String
    }

    /// The newest data of a resource.
    public struct Answer: Sendable {
        /// Of several resources that one lookup means, the newest one counts.
        public let eventID: Event.ID
        /// JSON text.
        public let data: [UInt8]

        public init(eventID: Event.ID, data: [UInt8]) {
            self.eventID = eventID
            self.data = data
        }
    }

    init(_ plan: QueryPlan, own: (resource: Fingerprint, data: [UInt8])?, catalogue: EventCatalogue) {
        self.plan = plan
        self.own = own
        var resourcesOfLookup: [QueryLookup: [Fingerprint]] = [:]
        var resources: [Fingerprint] = []
        for lookup in plan.lookups {
            let meant = QueryRoots.resources(of: lookup.root, catalogue: catalogue).map {
                Fingerprint(resource: $0, id: lookup.id)
            }
            resourcesOfLookup[lookup] = meant
            if let own, meant.contains(own.resource) { continue }
            for resource in meant where !resources.contains(resource) { resources.append(resource) }
        }
        self.resourcesOfLookup = resourcesOfLookup
        self.resources = resources
    }

    /// Compact JSON text of an object.
    ///
    /// - Parameter answer: asked for ``resources``; nil: nobody knows the resource.
    public func result(_ answer: (Fingerprint) -> Answer?) throws(Failure) -> [UInt8] {
        do throws(QueryFailure) {
            return try plan.result { lookup in
                let resources = resourcesOfLookup[lookup] ?? []
                if let own, resources.contains(own.resource) { return Self.root(of: own.data) }
                let answers = resources.compactMap(answer)
                return answers.max { $0.eventID < $1.eventID }.flatMap { Self.root(of: $0.data) }
            }
        } catch {
            throw Failure(message: error.message)
        }
    }

    private static func root(of data: [UInt8]) -> JSONValue? {
        (try? JSONDocument(parsing: data, maximumDepth: JSONDocument.greatestMaximumDepth))?.root
    }
}

extension Dresser {
    /// The first half of running a webhook's payload query; nil where it has none.
    ///
    /// - Parameters:
    ///   - event: with the data that is to be sent.
    ///   - ownDataAnswers: whether the event's data is what the query shall see of its resource; else that is loaded
    ///     like others.
    public func ask(
        _ event: Event, for webhook: PreparedWebhook, ownDataAnswers: Bool
    ) throws(AskedQuery.Failure) -> AskedQuery? {
        guard let query = webhook.query else { return nil }
        let variables = variables(of: event, for: webhook)
        do throws(QueryFailure) {
            let plan = try query.get().plan { name in
                variables.last { $0.name == name }.flatMap { QueryInput($0.json) }
            }
            let resource = ownDataAnswers ? catalogue.resource(ofType: event.type, id: event.resourceID) : nil
            return AskedQuery(plan, own: resource.map { ($0, event.data) }, catalogue: catalogue)
        } catch {
            throw AskedQuery.Failure(message: error.message)
        }
    }
}

extension QueryInput {
    /// Nil where it is no JSON.
    fileprivate init?(_ text: [UInt8]) {
        guard let document = try? JSONDocument(parsing: text, maximumDepth: JSONDocument.greatestMaximumDepth) else {
            return nil
        }
        self.init(document.root)
    }
}
