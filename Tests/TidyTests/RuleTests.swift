import Testing

/// Each rule finds what it forbids in a sample, and nothing in the sample's good twin.
@Suite struct RuleTests {
    private func swift(_ text: String, at path: String = "Shared/Epoll/Sample.swift") -> SourceFile {
        SourceFile(path: path, text: text)
    }

    @Test func commentsAndLiteralsAreNotCode() {
        let source = """
            let a = "print(1)" // try! it
            /* Task { /* nested */ sleep(1) */ let b = #"a "quote" \\ print(2)"#
            let c = "\\"print(3)"; let d = 4
            """
        let code = SwiftText.code(of: source)
        #expect(!code.contains("print") && !code.contains("try!") && !code.contains("sleep"))
        #expect(code.contains("let b =") && code.contains("let d = 4"))
        #expect(code.split(separator: "\n").count == 3)
        #expect(!SwiftText.code(of: "let a = \"\"\"\n  it's \"Date()\" now\n  \"\"\"\nlet b = 1").contains("Date"))
    }

    @Test(
        "A word that Services and Shared do without is found",
        arguments: [
            ("print(1)", WordRule.print), ("Swift.print (x)", .print), ("let a = try! f()", .forcedTry),
            ("Task { await f() }", .unstructuredTask), ("Task.detached { }", .unstructuredTask),
            ("Task(priority: .low) { }", .unstructuredTask), ("Task<Void, Never> { }", .unstructuredTask),
            ("let now = Date()", .wallClock), ("Date.now", .wallClock),
            ("try await Task.sleep(for: .seconds(1))", .sleep), ("usleep(3)", .sleep), ("Glibc.sleep(1)", .sleep),
        ])
    func word(code: String, word: WordRule) {
        let finding = Finding(path: "Shared/Epoll/Sample.swift", line: 2, fault: word.fault)
        #expect(WordRule.findings(in: swift("import Glibc\n" + code), exceptions: []) == [finding])
        let pardon = WordRule.Exception(path: finding.path, word: word, reason: "a sample")
        #expect(WordRule.findings(in: swift("import Glibc\n" + code), exceptions: [pardon]) == [])
        #expect(WordRule.findings(in: swift(code, at: "Tests/EpollTests/Sample.swift"), exceptions: []) == [])
    }

    @Test(arguments: [
        "fingerprint(1)", "group.addTask { }", "Date(timeIntervalSince1970: 0)", "let sleepers = 1", "try f()",
        "// print(1)",
    ])
    func harmless(code: String) {
        #expect(WordRule.findings(in: swift(code), exceptions: []) == [])
    }

    @Test func lengths() {
        let line = String(repeating: "x", count: 120)
        #expect(LengthRule.findings(in: swift(line + "\n")) == [])
        #expect(LengthRule.findings(in: swift(line + "x\n")).map(\.line) == [1])
        #expect(LengthRule.findings(in: swift(String(repeating: "a\n", count: 300))) == [])
        #expect(LengthRule.findings(in: swift(String(repeating: "a\n", count: 301))).count == 1)
        let main = "@main struct Sample {}\n"
        #expect(LengthRule.findings(in: swift(main + String(repeating: "a\n", count: 39))) == [])
        #expect(LengthRule.findings(in: swift(main + String(repeating: "a\n", count: 40))).count == 1)
        #expect(
            LengthRule.findings(in: SourceFile(path: "scripts/sample", text: "#!/bin/sh\n" + line + "x")).count == 1)
        #expect(LengthRule.findings(in: SourceFile(path: "README.md", text: line + "x")) == [])
    }

    @Test func imports() {
        #expect(ImportRule.findings(in: swift("import CEpoll\npublic import Foundation\n")) == [])
        for line in [
            "import Postgres", "public import Postgres", "@testable import Postgres", "import struct Postgres.Session",
            "@_spi(Test) package import Postgres",
        ] {
            #expect(ImportRule.findings(in: swift(line)).map(\.fault) == ["Epoll may not import Postgres"], "\(line)")
        }
        #expect(ImportRule.findings(in: swift("// import Postgres\nlet important = 1")) == [])
        #expect(ImportRule.findings(in: swift("import Foundation", at: "Shared/Attic/Sample.swift")).count == 1)
    }

    @Test func statements() {
        let one = "struct A: Statement { }\n"
        #expect(StatementRule.findings(in: swift(one + "struct B: Sendable { }\n")) == [])
        #expect(
            StatementRule.findings(in: swift(one + "struct B<S: Statement> { }\nenum C: D where E: Statement { }\n"))
                == [])
        #expect(StatementRule.findings(in: swift(one + "package struct B: Sendable, Statement {\n}\n")).count == 1)
        #expect(StatementRule.findings(in: swift(one + "extension C.D: Statement { }\n")).count == 1)
    }

    @Test func logs() {
        let text = """
            logger.info("A", metadata: ["one.name": "\\(b[0])", "two": .array(["x": 1])])
            metadata["three.name"] = nil; let metadata: Logger.Metadata = ["four": "4"]; notes.add("five", "5")
            let other = ["six": 6]
            """
        #expect(LogRule.members(in: text).isSuperset(of: ["one.name", "two", "three.name", "four", "five"]))
        #expect(!LogRule.members(in: text).contains("six"))
        #expect(LogRule.documented(in: "| member | b |\n|---|---|\n| `a.b` | c |\n`d` |\n") == ["a.b"])
        #expect(
            LogRule.findings(in: swift(text), documented: ["one.name", "two", "x", "three.name", "four"]).count == 1)
    }

    @Test(arguments: [
        ("Makefile", "cd /\("work")/main", 1), ("README.md", "in `/\("root")/martlet`", 1),
        ("README.md", "in .build/release and ~/work/martlet and \\(folder)/build/x", 0),
        ("deploy/Dockerfile", "FROM registry.example.com/swift:6.2", 1),
        ("deploy/Dockerfile", "FROM swift:6.2-jammy", 0),
        ("docker-compose.yml", "    image: postgres:17", 0), ("docker-compose.yml", "    image: reg:5000/postgres", 1),
        ("scripts/sample", "curl https://downloads.example.com/x", 1),
        ("scripts/sample", "curl http://127.0.0.1:80/", 0),
        ("README.md", "see https://\("pypi").example.org/simple", 1), ("README.md", "see https://www.example.org/", 0),
    ])
    func origins(path: String, line: String, count: Int) {
        #expect(OriginRule.findings(in: SourceFile(path: path, text: line)).count == count)
    }
}
