/// Which module may import which: the rows of the module diagram in ARCHITECTURE.md. A row knows those below it.
enum ImportRule {
    /// Swift's own, open to all.
    static let standard: Set = ["Swift", "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch"]

    /// By room, its modules of ours and then the libraries. What is missing here may not be imported.
    static let table: [String: Set<String>] = {
        let server: Set = ["Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore"]
        let lowest: [String: Set<String>] = [
            "Epoll": ["CEpoll"],
            "JSON": [],
            "LZ4": ["CLZ4"],
            "PayloadQueries": ["JSON"],
            "Prometheus": ["CoreMetrics"],
        ]
        let upper: [String: Set<String>] = [
            "Curl": ["CCurl", "Epoll"],
            "Postgres": ["CPostgres", "Epoll", "DequeModule", "Logging", "Metrics"],
            "EventPatterns": ["JSON"],
            "Webhooks": ["EventPatterns", "JSON", "Crypto"],
            "Dressing": ["Webhooks", "PayloadQueries", "JSON", "Crypto", "JWTKit"],
            "Sending": ["Curl", "Dressing", "Epoll", "JSON", "Webhooks"],
            "Store": ["Postgres", "Webhooks", "JSON", "LZ4", "Epoll", "Crypto", "Logging"],
            "Hosting": server.union([
                "HummingbirdCore", "JSON", "Prometheus", "Configuration", "Logging", "Metrics", "CoreMetrics",
                "ServiceLifecycle", "UnixSignals",
            ]),
            "Upkeep": ["Hosting", "Store", "Postgres", "Logging", "ServiceLifecycle"],
            "Tenancy": server.union([
                "Curl", "Epoll", "Hosting", "Postgres", "Store", "Webhooks", "JSON", "Crypto", "JWTKit", "Logging",
                "ServiceLifecycle",
            ]),
        ]
        let composing: Set = [
            "ArgumentParser", "Configuration", "Logging", "Metrics", "ServiceLifecycle", "UnixSignals",
        ]
        let storing: Set = ["Hosting", "Prometheus", "Store", "Upkeep", "Postgres", "Webhooks", "JSON", "Epoll"]
        let dressing: Set = ["Dressing", "PayloadQueries", "Sending", "Crypto"]
        let tenants = server.union(["Tenancy", "JWTKit"])
        let services: [String: Set<String>] = [
            "API": composing.union(storing).union(dressing).union(tenants).union(["Curl", "EventPatterns", "Sending"]),
            "Ingester": composing.union(storing).union(dressing).union(tenants).union([
                "LZ4", "DequeModule", "EventPatterns",
            ]),
            "Delivery": composing.union(storing).union(dressing).union(["Curl", "Sending", "DequeModule", "HeapModule"]
            ),
            "Metrics": composing.union(storing).union(["Curl", "Hummingbird", "HTTPTypes", "Tenancy"]),
            "CLI": composing.union(storing).union(dressing).union(server).union(["Curl", "JWTKit"]),
        ]
        return lowest.merging(upper) { $1 }.merging(services) { $1 }
    }()

    /// The module of a C library has one importer: its wrapper.
    static let wrappers = ["CEpoll": "Epoll", "CCurl": "Curl", "CPostgres": "Postgres", "CLZ4": "LZ4"]

    static func findings(in file: SourceFile, table: [String: Set<String>] = table) -> [Finding] {
        guard let room = file.room, file.isSwift else { return [] }
        guard let allowed = table[room] else {
            return [Finding(path: file.path, fault: "the room \(room) is not in the import table")]
        }
        let lines = file.code.split(separator: "\n", omittingEmptySubsequences: false)
        return zip(1..., lines).compactMap { number, line in
            guard let module = importedModule(line), !standard.contains(module), !allowed.contains(module) else {
                return nil
            }
            return Finding(path: file.path, line: number, fault: "\(room) may not import \(module)")
        }
    }

    static func importedModule(_ line: Substring) -> String? {
        guard line.contains("import") else { return nil }
        let kinds = "(?:struct|class|enum|protocol|typealias|func|let|var|actor)"
        let pattern =
            "^\\s*(?:@\\w+(?:\\([^)]*\\))?\\s+)*(?:(?:public|package|internal|private|fileprivate)\\s+)?"
            + "import\\s+(?:\(kinds)\\s+)?(\\w+)"
        guard let match = try? Regex(pattern, as: (Substring, Substring).self).firstMatch(in: line) else { return nil }
        return String(match.1)
    }
}
