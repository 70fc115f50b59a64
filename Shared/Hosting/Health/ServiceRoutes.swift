import Hummingbird
import JSON
import Prometheus

/// `/livez`, `/readyz`, `/metrics` and `/openapi.yaml`: on every service, without a token.
struct ServiceRoutes {
    let health: Health
    let metrics: MetricRegistry

    func add(to router: Router<HostRequestContext>) {
        router.get("livez") { _, _ in Response.json(Array(#"{"status":"alive"}"#.utf8)) }
        router.get("readyz") { [health] _, _ in Self.answer(await health.findings()) }
        router.get("metrics") { [metrics] _, _ in
            Response.text(await metrics.exposition(), contentType: TextFormat.contentType)
        }
        router.get("openapi.yaml") { _, _ in
            Response.text(PackageResources.openapi_yaml, contentType: "application/yaml")
        }
    }

    private static func answer(_ findings: [Health.Finding]) -> Response {
        let isReady = findings.allSatisfy(\.isReady)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("status", isReady ? "ready" : "unready")
            writer.name("checks")
            writer.object { writer in
                for finding in findings { writer.member(finding.name, finding.isReady ? "ok" : "failed") }
            }
        }
        return .json(writer.bytes, status: isReady ? .ok : .serviceUnavailable, headers: [.cacheControl: "no-store"])
    }
}
