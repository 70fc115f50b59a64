internal import PayloadQueries

extension PreparedWebhook {
    /// Whether a query's result makes the body of its requests.
    public var hasQuery: Bool { query != nil }

    /// The query of a stored text, which the API judged by the rules of its day; what is no query fails when it runs.
    static func query(of text: String) -> Result<PayloadQuery, QueryFailure> {
        do throws(QueryFindings) {
            return .success(try PayloadQuery(text))
        } catch {
            return .failure(QueryFailure(error.list.first?.description ?? "The query is none."))
        }
    }
}
