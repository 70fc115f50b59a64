import Curl
import Foundation
import TestSupport

/// A server in a process of its own, ended with its last reference. What it prints is read from a file.
final class ChildServer {
    private let process = Process()
    private let output: URL

    init(_ command: [String], in folder: URL) throws {
        output = folder.appendingPathComponent("output-\(UUID().uuidString)")
        try Data().write(to: output)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        let file = try FileHandle(forWritingTo: output)
        process.standardOutput = file
        process.standardError = file
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)  // it may have begun with every other signal blocked
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

    /// The lines printed until now; one without its end may still be half of one.
    var lines: [String] {
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().filter { !$0.isEmpty }
            .map(String.init)
    }

    /// Waits for a line that begins with `prefix`, and returns its rest.
    func line(beginning prefix: String, within limit: Duration = .seconds(30)) async throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            if let line = lines.first(where: { $0.hasPrefix(prefix) }) { return String(line.dropFirst(prefix.count)) }
            guard .now < deadline, isRunning else {
                throw TestReceiver.Failure.missing("no line \(prefix.debugDescription) in \(lines)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// An HTTPS server that answers 200 to everything and prints what it sees.
enum TLSServer {
    static func start(_ certificate: TestAuthority.Certificate, of authority: TestAuthority) async throws
        -> (server: ChildServer, port: UInt16)
    {
        let arguments = [authority.path(of: certificate), authority.keyPath(of: certificate)]
        let server = try ChildServer(["python3", "-u", "-c", script] + arguments, in: authority.folder)
        guard let port = UInt16(try await server.line(beginning: "port ")) else {
            throw TestReceiver.Failure.missing("a port")
        }
        return (server, port)
    }

    private static let script = """
        import socket, ssl, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        listener = socket.create_server(("127.0.0.1", 0))
        print("port", listener.getsockname()[1])
        def serve(connection):
            try:
                stream = context.wrap_socket(connection, server_side=True)
            except (OSError, ssl.SSLError):
                return print("no handshake")
            print("handshake")
            data = b""
            while True:
                try:
                    piece = stream.recv(65536)
                except (OSError, ssl.SSLError):
                    piece = b""
                if not piece:
                    return print(f"end after {len(data)}")
                data += piece
                head, separator, rest = data.partition(b"\\r\\n\\r\\n")
                if separator and len(rest) >= int((head.lower() + b"\\r\\ncontent-length: 0").split(
                        b"content-length: ")[1].split(b"\\r\\n")[0]):
                    print("request", head.split(b"\\r\\n")[0].decode())
                    stream.sendall(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\nok")
                    data = b""
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()
        """
}

/// nginx with HTTP/2, where it is installed.
enum NginxServer {
    static let path = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Hands requests on to `receiver`, once their bodies are read, and adds the protocol's name and the connection's
    /// number to the answers. (To one that answers before it has read the body libcurl 7.88 may do harm.)
    static func start(
        before receiver: TestReceiver, of authority: TestAuthority
    ) async throws -> (server: ChildServer, port: UInt16) {
        guard let path else { throw TestReceiver.Failure.missing("nginx") }
        for _ in 0..<10 {
            let port = try ClosedPort().port  // free again at once; if somebody takes it, the next
            let file = authority.folder.appendingPathComponent("nginx.conf")
            try configuration(port, receiver.port, authority).write(to: file, atomically: true, encoding: .utf8)
            let command = [path, "-p", authority.folder.path, "-c", file.path, "-e", "stderr"]
            let server = try ChildServer(command, in: authority.folder)
            let engine = try HTTPEngine.onLoopback { $0.certificateAuthorities = authority.file }
            let deadline = ContinuousClock.now + .seconds(20)
            while server.isRunning, .now < deadline {
                if await engine.send(.get("https://127.0.0.1:\(port)/")).response != nil { return (server, port) }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        throw TestReceiver.Failure.missing("a running nginx")
    }

    private static func configuration(_ port: UInt16, _ upstream: UInt16, _ authority: TestAuthority) -> String {
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path temp-\($0);" }
        return """
            daemon off; master_process off; pid nginx.pid;
            events { worker_connections 256; }
            http {
              access_log off; \(folders.joined(separator: " "))
              server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(authority.path(of: .valid)); ssl_certificate_key \(authority.keyPath(of: .valid));
                location / {
                  proxy_pass http://127.0.0.1:\(upstream);
                  add_header X-Protocol $server_protocol always; add_header X-Connection $connection always;
                }
              }
            }
            """
    }
}
