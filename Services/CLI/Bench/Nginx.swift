import Curl
import Foundation

/// A receiver that costs next to nothing, and counts.
struct Nginx {
    let port: Int
    let engine: HTTPEngine
    private let process: StackProcess

    var url: String { "http://127.0.0.1:\(port)/hook" }

    static func start(in directory: StackDirectory) async throws -> Nginx {
        let port = try StackPorts.free()
        let folder = directory.path + "/nginx"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let settings = """
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
                location /count { stub_status; }
                location / { return 200; }
              }
            }
            """
        try settings.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
        var environment = ProcessInfo.processInfo.environment
        let path = (environment["PATH"] ?? "/usr/bin:/bin") + ":/usr/sbin"  // where Debian's nginx is
        environment["PATH"] = path
        setenv("PATH", path, 1)  // posix_spawnp looks here
        let process = StackProcess(pidFile: directory.pidFile(of: "nginx"), executableName: "nginx")
        try process.remember(
            Spawn.detached(
                ["nginx", "-p", folder, "-c", folder + "/nginx.conf"], environment: environment,
                log: directory.logFile(of: "nginx")))
        let nginx = Nginx(port: port, engine: try .forCommands(), process: process)
        guard try await Deadline.wait(for: .seconds(10), until: { (try? await nginx.count()) != nil }) else {
            throw CommandFailure("nginx did not start; see \(directory.logFile(of: "nginx"))")
        }
        return nginx
    }

    /// Requests that it has answered, those of this question included.
    func count() async throws -> Int {
        let client = ServiceClient(url: "http://127.0.0.1:\(port)", engine: engine)
        let text = try await client.require([200], "GET", "/count").text
        let line = text.split(separator: "\n").dropFirst(2).first ?? ""
        guard let count = Int(line.split(separator: " ").last ?? "") else {
            throw CommandFailure("nginx said: \(text)")
        }
        return count
    }

    func stop() async throws { try await process.stop(patience: .seconds(5)) }
}
