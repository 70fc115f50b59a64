import Testing

/// The rules, over the tree itself.
@Suite struct TreeTests {
    /// Words that stand where they are for a reason.
    static let exceptions: [WordRule.Exception] = [
        .init(path: "Shared/Hosting/Ticker.swift", word: .sleep, reason: "the clock of every service that works by it"),
        .init(path: "Services/CLI/Deadline.swift", word: .sleep, reason: "the one place where the tool polls"),
        .init(path: "Services/CLI/Receiver/Receiver.swift", word: .sleep, reason: "a receiver that is told to be slow"),
        .init(path: "Services/CLI/Bench/Load/PacedLoad.swift", word: .sleep, reason: "so many events a second"),
    ]

    private func check(_ rule: (SourceFile) -> [Finding]) {
        for finding in SourceTree.files.flatMap(rule) { Issue.record("\(finding)") }
    }

    @Test func theTreeIsRead() {
        let paths = Set(SourceTree.files.map(\.path))
        #expect(paths.contains("Package.swift") && paths.contains("Tests/TidyTests/TreeTests.swift"))
        #expect(!paths.contains { $0.hasPrefix(".build") || $0.hasPrefix(".git/") || $0.hasPrefix(".venv") })
    }

    @Test func lengths() { check(LengthRule.findings) }
    @Test func imports() { check { ImportRule.findings(in: $0) } }
    @Test func words() { check { WordRule.findings(in: $0, exceptions: Self.exceptions) } }
    @Test func statements() { check(StatementRule.findings) }
    @Test func logs() throws {
        let page = try #require(SourceTree.files.first { $0.path == LogRule.page })
        let documented = LogRule.documented(in: page.text)
        #expect(documented.isSuperset(of: ["time", "level", "message", "service", "requestId"]))
        check { LogRule.findings(in: $0, documented: documented) }
    }
    @Test func origins() { check(OriginRule.findings) }

    /// An exception that nothing needs any more is taken off the list.
    @Test func exceptionsAreNeeded() {
        let findings = SourceTree.files.flatMap { WordRule.findings(in: $0, exceptions: []) }
        for exception in Self.exceptions {
            #expect(
                findings.contains { $0.path == exception.path && $0.fault == exception.word.fault },
                "\(exception.path) no longer needs \(exception.word)")
        }
    }

    @Test func aCLibraryHasOneImporter() {
        for (module, wrapper) in ImportRule.wrappers {
            let importers = ImportRule.table.filter { $0.value.contains(module) }.map(\.key)
            #expect(importers == [wrapper])
        }
    }

    /// No module of the table reaches itself through others of ours. Nothing imports a service, so a library that is
    /// called like a service's folder (`Metrics`) leads nowhere.
    @Test func theTableHasNoCycle() {
        let services: Set = ["API", "Ingester", "Delivery", "Metrics", "CLI"]
        for room in ImportRule.table.keys {
            var reached: Set<String> = []
            var next = Array(ImportRule.table[room] ?? [])
            while let module = next.popLast() {
                guard reached.insert(module).inserted, !services.contains(module) else { continue }
                next += ImportRule.table[module] ?? []
            }
            #expect(services.contains(room) || !reached.contains(room), "\(room) reaches itself")
        }
    }
}
