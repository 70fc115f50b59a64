import Foundation
import TestSupport

/// An HTTPS server whose certificate nobody vouches for. It prints what it gets once the handshake is over.
final class SelfSignedServer {
    private let process = Process()
    private let output: URL
    private let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-tls-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        output = folder.appending(path: "output")
        try Data().write(to: output)
        let file = try FileHandle(forWritingTo: output)
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-u", "-c", Self.script]
        process.currentDirectoryURL = folder
        (process.standardOutput, process.standardError, process.standardInput) = (file, file, FileHandle.nullDevice)
        try process.run()
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private var lines: [Substring] {
        ((try? String(contentsOf: output, encoding: .utf8)) ?? "").split(
            separator: "\n", omittingEmptySubsequences: false
        ).dropLast()
    }

    /// What came through TLS.
    var received: [Substring] { lines.filter { $0.hasPrefix("received ") } }

    /// Waits until it listens.
    func port() async throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            if let line = lines.first(where: { $0.hasPrefix("port ") }) { return String(line.dropFirst(5)) }
            guard .now < deadline, process.isRunning else { throw TestReceiver.Failure.missing("a port in \(lines)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private static let script = """
        import socket, ssl, subprocess
        subprocess.run(["openssl", "req", "-x509", "-days", "1", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out", "own.pem", "-subj", "/CN=test",
            "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("own.pem", "key.pem")
        listener = socket.create_server(("127.0.0.1", 0))
        print("port", listener.getsockname()[1])
        while True:
            connection, _ = listener.accept()
            try:
                print("received", context.wrap_socket(connection, server_side=True).recv(65536))
            except (OSError, ssl.SSLError):
                pass
        """
}
