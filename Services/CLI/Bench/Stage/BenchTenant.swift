/// A tenant that was made for a measurement, and who may speak for it.
struct BenchTenant: Sendable {
    let identifier: String
    let api: ServiceClient
    let ingester: ServiceClient

    /// Subscribes `url` to every event. `more`: further members, as JSON.
    func subscribe(_ url: String, more: String = #""maxConcurrency":64"#) async throws {
        let body = #"{"name":"bench","url":"\#(url)","events":["*"],\#(more)}"#
        _ = try await api.require([201], "POST", "/company/webhooks", body: Array(body.utf8))
    }
}
