import Foundation

/// Nothing in the repository names the machine that it was written on, or a place to fetch from that not all have.
enum OriginRule {
    /// Where the build may fetch from, and what stands for this machine.
    static let hosts: Set = ["github.com", "www.swift.org", "localhost", "127.0.0.1"]

    static func findings(in file: SourceFile) -> [Finding] {
        zip(1..., file.lines).flatMap { number, line in
            faults(in: line, isBuildFile: isBuildFile(file.path))
                .map { Finding(path: file.path, line: number, fault: $0) }
        }
    }

    private static func isBuildFile(_ path: String) -> Bool {
        path == "Package.swift" || path == "Makefile" || path == "docker-compose.yml"
            || ["scripts/", ".ci/", "deploy/"].contains { path.hasPrefix($0) }
    }

    private static func faults(in line: Substring, isBuildFile: Bool) -> [String] {
        var faults: [String] = []
        guard line.contains("/") else { return [] }
        if let path = line.firstMatch(of: /(?:^|[^\w.~})])(\/(?:work|root|build|home\/\w+|Users\/\w+|tmp\/wt)\/)/) {
            faults.append("the path \(path.1) is one machine's")
        }
        for url in line.matches(of: /https?:\/\/(?:[^\s\/@"'`]*@)?([A-Za-z0-9.-]+)/) {
            let host = url.1.lowercased()
            if host.contains(/artifactory|nexus|registry|mirror|pypi|npmjs/) {
                faults.append("\(host) is a registry")
            } else if isBuildFile, host.contains("."), !hosts.contains(host) {
                faults.append("the build may not fetch from \(host)")
            }
        }
        if isBuildFile, let image = line.firstMatch(of: /^\s*(?:FROM|image:)\s+([\w-]+[.:][\w.:-]*)\//) {
            faults.append("the image comes from \(image.1), not from the usual place")
        }
        return faults
    }
}
