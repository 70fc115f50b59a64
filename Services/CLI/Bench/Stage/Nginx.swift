import Curl
import Foundation
import Synchronization

/// A receiver that costs next to nothing, and counts.
final class Nginx: Sendable {
    let process: StackProcess
    private let port: Int
    private let engine: HTTPEngine
    /// Questions for the count, which nginx counts too.
    private let asked = Mutex(0)

    /// Answers 204.
    var url: String { "http://127.0.0.1:\(port)/hook" }
    /// Answers 500.
    var failingURL: String { "http://127.0.0.1:\(port)/failing" }

    private init(process: StackProcess, port: Int, engine: HTTPEngine) {
        self.process = process
        self.port = port
        self.engine = engine
    }

    static func process(in directory: StackDirectory) -> StackProcess {
        StackProcess(pidFile: directory.pidFile(of: "nginx"), executableName: "nginx")
    }

    static func start(in directory: StackDirectory, engine: HTTPEngine) async throws -> Nginx {
        let port = try StackPorts.free()
        let folder = directory.path + "/nginx"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = folder + "/nginx.conf"
        try settings(folder: folder, port: port).write(toFile: file, atomically: true, encoding: .utf8)
        var environment = ProcessInfo.processInfo.environment
        let path = (environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin"  // where Debian's nginx is
        environment["PATH"] = path
        setenv("PATH", path, 1)  // posix_spawnp looks here
        let process = process(in: directory)
        try process.remember(
            Spawn.detached(
                ["nginx", "-p", folder, "-c", file], environment: environment, log: directory.logFile(of: "nginx")))
        let nginx = Nginx(process: process, port: port, engine: engine)
        guard try await Deadline.wait(for: .seconds(10), until: { (try? await nginx.received()) != nil }) else {
            throw CommandFailure("nginx did not start; see \(directory.logFile(of: "nginx"))")
        }
        return nginx
    }

    private static func settings(folder: String, port: Int) -> String {
        """
        \(geteuid() == 0 ? "user root;" : "")
        daemon off;
        worker_processes 1;
        error_log \(folder)/error.log crit;
        pid \(folder)/nginx.pid;
        events { worker_connections 8192; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          keepalive_timeout 1h;
          client_body_temp_path \(folder)/body;
          client_body_buffer_size 64k;
          proxy_temp_path \(folder)/proxy;
          fastcgi_temp_path \(folder)/fastcgi;
          uwsgi_temp_path \(folder)/uwsgi;
          scgi_temp_path \(folder)/scgi;
          server {
            listen 127.0.0.1:\(port) backlog=4096;
            location = /count { stub_status; }
            location = /failing { return 500; }
            location / { return 204; }
          }
        }
        """
    }

    /// Requests so far, without those that asked for this figure.
    func received() async throws -> Int {
        let client = ServiceClient(url: "http://127.0.0.1:\(port)", engine: engine)
        let before = asked.withLock(\.self)
        let text = try await client.require([200], "GET", "/count").text
        asked.withLock { $0 += 1 }
        let line = text.split(separator: "\n").dropFirst(2).first ?? ""
        guard let count = Int(line.split(separator: " ").last ?? "") else {
            throw CommandFailure("nginx said: \(text)")
        }
        return count - before - 1
    }
}
