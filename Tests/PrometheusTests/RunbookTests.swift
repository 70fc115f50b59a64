import Foundation
import TestSupport
import Testing

/// The runbook, the alert rules and the dashboard speak of what there is.
@Suite struct RunbookTests {
    private static let runbook = "docs/operations.md"

    private static func text(_ path: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/" + path, encoding: .utf8)
    }

    /// All Swift sources of the services, in one.
    private static let sources: String = {
        var all = ""
        for folder in ["Services", "Shared"] {
            let files = FileManager.default.enumerator(atPath: Repository.root + "/" + folder)
            while let file = files?.nextObject() as? String {
                guard file.hasSuffix(".swift") else { continue }
                all += (try? text("\(folder)/\(file)")) ?? ""
            }
        }
        return all
    }()

    private static func words(_ pattern: some RegexComponent, in text: String) -> Set<String> {
        Set(text.matches(of: pattern).map { String(text[$0.range]) })
    }

    @Test func everyAlertHasItsSection() throws {
        let headings = Set(
            try Self.text(Self.runbook).split(separator: "\n").filter { $0.hasPrefix("### ") }.map { $0.dropFirst(4) })
        let rules = try Self.text("deploy/prometheus/alerts.yml")
        let alerts = rules.matches(of: #/alert: (\w+)/#).map(\.1)
        #expect(alerts.count >= 15)
        for alert in alerts {
            #expect(headings.contains(alert), "\(alert)")
            #expect(rules.contains("runbook: \"\(Self.runbook)#\(alert.lowercased())\""), "\(alert)")
        }
        let told = headings.filter { $0.hasPrefix("Martlet") }
        #expect(told.isSubset(of: alerts), "sections of alerts that are gone")
    }

    @Test(
        "Metrics that are named exist",
        arguments: [runbook, "deploy/prometheus/alerts.yml", "deploy/grafana/dashboards/martlet.json"])
    func metrics(path: String) throws {
        let roles: Set = ["martlet_api", "martlet_ingester", "martlet_delivery", "martlet_metrics"]
        let names = Self.words(#/\bmartlet_[a-z0-9_]+/#, in: try Self.text(path)).subtracting(roles)
        #expect(names.count > 10)
        for name in names {
            let family = name.replacing(#/_(bucket|count|sum)$/#, with: "")
            #expect(Self.sources.contains("\"\(name)\"") || Self.sources.contains("\"\(family)\""), "\(name)")
        }
    }

    @Test func settingsThatAreNamedExist() throws {
        for name in Self.words(#/\bMARTLET_[A-Z_]+/#, in: try Self.text(Self.runbook)) {
            #expect(Self.sources.contains("`\(name)`"), "\(name)")
        }
    }
}
