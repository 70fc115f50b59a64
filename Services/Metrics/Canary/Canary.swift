import Curl
import Epoll
import Hosting
import JSON
import Logging
import Prometheus
import ServiceLifecycle
import Synchronization
import Tenancy
import Webhooks

/// Posts an event of its own tenant every ten seconds and waits for it as its receiver: one figure for the whole way.
final class Canary: Service {
    static let interval = Duration.seconds(10)
    static let tenant = "martlet-canary"
    static let path = "/canary"
    /// Of what its receiver takes.
    static let bodyLimit = 64 << 10
    private static let eventType = "canary-sent"
    private static let settings = #"{"eventCatalogue":"open","autoDisableAfterDays":0}"#

    private let configuration: CanaryConfiguration
    private let engine: HTTPEngine
    private let logger: Logger
    private let latency: Histogram
    private let success: Gauge
    private let outcomes: [Outcome: Counter]
    private let flights = Mutex(CanaryFlights())

    enum Outcome: String, CaseIterable { case delivered, refused, lost }

    init(_ configuration: CanaryConfiguration, in host: HostContext) throws {
        self.configuration = configuration
        logger = host.logger
        var open = HTTPEngineConfiguration()
        // The operator names where it calls.
        open.addresses = AddressPolicy(allow: ["0.0.0.0/0", "::/0"].compactMap(CIDR.init(parsing:)))
        engine = try HTTPEngine(on: Reactor(), configuration: open)
        latency = host.metrics.histogram(
            "martlet_canary_latency_seconds", help: "From the canary's request to the ingester to its receiver.")
        success = host.metrics.gauge(
            "martlet_canary_success_timestamp_seconds", help: "When the canary's last event came back; 0: none yet.")
        outcomes = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                (
                    $0,
                    host.metrics.counter(
                        "martlet_canary_events_total", help: "The canary's events by what became of them.",
                        labels: ["outcome": $0.rawValue])
                )
            })
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            var isReady = false
            var hasFailed = false  // and nothing is said of what fails again
            for await _ in Ticker(every: Self.interval) {
                do {
                    if countLost() > 0 { isReady = false }  // its webhook may be gone
                    if !isReady { try await prepare() }
                    isReady = true
                    try await sing()
                    hasFailed = false
                } catch {
                    outcomes[.refused]?.increment()
                    if !hasFailed { logger.warning("Canary refused", metadata: ["error": "\(error)"]) }
                    (isReady, hasFailed) = (false, true)
                }
            }
        }
        await engine.close()
    }

    /// What its receiver got.
    func heard(_ body: [UInt8]) {
        guard let data = try? JSONDocument(parsing: body).root.member("data"), let name = data.member("id")?.string,
            let took = flights.withLock({ $0.end(name, at: .now) })
        else { return }
        outcomes[.delivered]?.increment()
        latency.observe(took)
        success.set(Double(Instant.now.seconds))
    }

    /// Events that did not come back in their time.
    private func countLost() -> Int {
        let lost = flights.withLock { $0.takeLost(at: .now) }
        outcomes[.lost]?.increment(by: lost)
        return lost
    }

    /// One event; whether it comes back is seen later.
    func sing() async throws {
        let name = Event.ID().description
        flights.withLock { $0.begin(name, at: .now) }
        do {
            _ = try await call(
                "POST", configuration.ingestURL + "/company/events",
                #"{"type":"\#(Self.eventType)","data":{"id":"\#(name)"}}"#, allowed: [202])
        } catch {
            flights.withLock { $0.forget(name) }
            throw error
        }
    }

    /// Makes its tenant and its one webhook, where they are missing. Those that call other places are other processes'.
    func prepare() async throws {
        _ = try await call(
            "POST", configuration.apiURL + "/admin/tenants",
            #"{"identifier":"\#(Self.tenant)","name":"Canary","settings":\#(Self.settings)}"#,
            allowed: [201, 409], isOperator: true)
        let webhooks = configuration.apiURL + "/company/webhooks"
        let target = configuration.receiverURL + Self.path
        let page = try JSONDocument(parsing: try await call("GET", webhooks + "?limit=100", nil, allowed: [200]))
        var isThere = false
        for webhook in page.root.member("data").map({ Array($0.elements) }) ?? []
        where webhook.member("url")?.string == target {
            if !isThere, webhook.member("status")?.string == "active" {
                isThere = true
            } else if let id = webhook.member("id")?.string {
                _ = try await call("DELETE", webhooks + "/" + id, nil, allowed: [204, 200, 404])
            }
        }
        guard !isThere else { return }
        var body = JSONWriter()
        body.object { writer in
            writer.member("name", "Canary")
            writer.member("url", target)
            writer.name("events")
            writer.array { $0.string("*") }
        }
        _ = try await call("POST", webhooks, String(decoding: body.bytes, as: UTF8.self), allowed: [201])
    }

    struct Refused: Error, CustomStringConvertible { let description: String }

    private func call(
        _ method: String, _ url: String, _ body: String?, allowed: Set<Int>, isOperator: Bool = false
    ) async throws -> [UInt8] {
        let token = try configuration.tokens.token(
            subject: "canary", tenants: isOperator ? [] : [Self.tenant],
            permissions: isOperator ? [.tenantsAdmin] : [.webhooksRead, .webhooksWrite, .eventsWrite],
            lifetime: .seconds(60))
        var headers = [("authorization", "Bearer " + token), ("content-type", "application/json")]
        if !isOperator { headers.append(("x-tenant-id", Self.tenant)) }
        let request = OutboundRequest(
            method: method, url: url, headers: headers.map { (name: $0.0, value: $0.1) },
            body: body.map { Array($0.utf8) }, timeout: .seconds(5))
        switch await engine.send(request).result {
        case .success(let answer) where allowed.contains(answer.status): return answer.body
        case .success(let answer): throw Refused(description: "\(method) \(url) was answered \(answer.status)")
        case .failure(let failure): throw Refused(description: "\(method) \(url): \(failure)")
        }
    }
}
