import Foundation

/// A finding: where, and what is wrong.
struct Finding: CustomStringConvertible, Equatable {
    let path: String
    /// From 1; nil where the file as a whole is meant.
    var line: Int?
    let fault: String

    var description: String { path + (line.map { ":\($0)" } ?? "") + ": " + fault }
}

/// Lengths, of every Swift file and every script.
enum LengthRule {
    static let linesPerFile = 300
    static let linesPerMainFile = 40
    static let columns = 120

    static func findings(in file: SourceFile) -> [Finding] {
        let isScript = file.text.hasPrefix("#!")
        guard file.isSwift || isScript else { return [] }
        var findings: [Finding] = []
        let lines = file.lines
        if lines.count > linesPerFile {
            findings.append(Finding(path: file.path, fault: "\(lines.count) lines, at most \(linesPerFile)"))
        }
        for (number, line) in zip(1..., lines) where line.count > columns {
            findings.append(Finding(path: file.path, line: number, fault: "\(line.count) columns, at most \(columns)"))
        }
        if file.isSwift, lines.count > linesPerMainFile, file.code.contains(/@[m]ain\b/) {
            findings.append(
                Finding(path: file.path, fault: "\(lines.count) lines beside @main, at most \(linesPerMainFile)"))
        }
        return findings
    }
}

/// Words that Services and Shared do without.
enum WordRule: String, CaseIterable {
    case print, forcedTry, unstructuredTask, wallClock, sleep

    /// `\b` in its plain sense: Unicode's sees one word in `Task.sleep`.
    var pattern: Regex<Substring> { words.wordBoundaryKind(.simple) }

    private var words: Regex<Substring> {
        switch self {
        case .print: /\b(?:debugPrint|print|dump)\s*\(/
        case .forcedTry: /\btry!/
        case .unstructuredTask: /\bTask(?:\.detached)?(?:<[^>]*>)?\s*(?:\([^)]*\)\s*)?\{/
        case .wallClock: /\bDate\s*(?:\.init)?\s*\(\s*\)|\bDate\.now\b/
        case .sleep: /\b(?:usleep|nanosleep|sleep)\s*\(/
        }
    }

    /// What every match holds: cheaper to look for.
    private var hint: String {
        switch self {
        case .print: "("
        case .forcedTry: "try!"
        case .unstructuredTask: "Task"
        case .wallClock: "Date"
        case .sleep: "sleep"
        }
    }

    var fault: String {
        switch self {
        case .print: "print: log an event, or write to the terminal through `Terminal`"
        case .forcedTry: "try!: nothing from outside may end the process"
        case .unstructuredTask: "Task { }: long work lives in a service's run()"
        case .wallClock: "Date(): time is a parameter or an Instant"
        case .sleep: "sleep: wait for what happens; the clock is a parameter"
        }
    }

    /// One word in one file, and why it may stand there.
    struct Exception {
        let path: String
        let word: WordRule
        let reason: String
    }

    static func findings(in file: SourceFile, exceptions: [Exception]) -> [Finding] {
        guard file.room != nil, file.isSwift else { return [] }
        let lines = file.code.split(separator: "\n", omittingEmptySubsequences: false)
        return allCases.flatMap { word -> [Finding] in
            if exceptions.contains(where: { $0.path == file.path && $0.word == word }) { return [] }
            let pattern = word.pattern
            return zip(1..., lines).filter { $0.1.contains(word.hint) && $0.1.contains(pattern) }
                .map { Finding(path: file.path, line: $0.0, fault: word.fault) }
        }
    }
}

/// One statement a file: SQL next to the type that it fills, and nothing else.
enum StatementRule {
    static func findings(in file: SourceFile) -> [Finding] {
        guard file.room != nil, file.isSwift else { return [] }
        let declaration =
            /\b(?:struct|enum|class|actor|extension)\s+[\w.]+\s*:(?:(?!\bwhere\b)[^{}])*\bStatement\b[^{}]*\{/
        // What is generic over statements is none itself.
        guard file.code.contains("Statement") else { return [] }
        let code = file.code.replacing(/<[^<>{}]*>/, with: "")
        let count = code.matches(of: declaration.wordBoundaryKind(.simple)).count
        return count > 1 ? [Finding(path: file.path, fault: "\(count) statements, at most 1")] : []
    }
}
