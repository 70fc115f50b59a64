import Foundation
import Webhooks

/// All that was measured, for people and for programs.
struct BenchReport: Sendable {
    let isQuick: Bool
    let runs: Int
    let startedAt: Instant
    var sections: [Section] = []

    /// One table, section by section; beside each goal whether it is reached.
    var text: String {
        var table = TextTable()
        for section in sections {
            if !table.rows.isEmpty { table.rows.append([]) }
            table.rows.append([section.name, "", "goal"])
            for figure in section.figures {
                let goal = figure.goal.map { $0.bound.rawValue + " " + figure.unit.text(of: $0.limit) } ?? ""
                let verdict = figure.isReached.map { $0 ? "reached" : "missed" } ?? ""
                table.rows.append(["  " + figure.name, figure.text, goal, verdict])
            }
        }
        let notes = sections.flatMap { section in section.notes.map { "\(section.name): \($0)" } }
        let goals = sections.flatMap(\.figures).compactMap(\.isReached)
        let verdict = "\(goals.count { $0 }) of \(goals.count) goals reached"
        let medians = runs > 1 ? ", medians of \(runs) runs" : ""
        let size = isQuick ? " (a short round: figures are indicative)" : ""
        return (table.lines() + [""] + notes + [verdict + medians + size]).joined(separator: "\n")
    }

    /// The same as JSON: `{"version", "startedAt", "machine", "quick", "runs", "scenarios": [{"name", "figures", …}]}`.
    func json() throws -> Data {
        let document = Document(
            version: Martlet.version, startedAt: startedAt.rfc3339, machine: .init(), quick: isQuick, runs: runs,
            scenarios: sections.map(Document.Scenario.init))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document)
    }
}

private struct Document: Encodable {
    struct Machine: Encodable {
        var cores = ProcessInfo.processInfo.activeProcessorCount
        var memoryBytes = ProcessInfo.processInfo.physicalMemory
        var system = ProcessInfo.processInfo.operatingSystemVersionString
    }

    struct Scenario: Encodable {
        struct Entry: Encodable {
            struct Limit: Encodable {
                let bound: String
                let limit: Double
            }
            let name: String
            /// Null where there was nothing to divide by.
            let value: Double?
            let unit: String
            let goal: Limit?
            let reached: Bool?
        }
        let name: String
        let figures: [Entry]
        let notes: [String]

        init(_ section: Section) {
            name = section.name
            notes = section.notes
            figures = section.figures.map { figure in
                Entry(
                    name: figure.name, value: figure.value.isFinite ? figure.value : nil, unit: figure.unit.rawValue,
                    goal: figure.goal.map { .init(bound: $0.bound.rawValue, limit: $0.limit) },
                    reached: figure.isReached)
            }
        }
    }

    let version: String
    let startedAt: String
    let machine: Machine
    let quick: Bool
    let runs: Int
    let scenarios: [Scenario]
}
